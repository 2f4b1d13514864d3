// The command line of minewardend. Small on purpose: everything else is in minewarden.yaml.

import Signals

/// What the daemon was asked to do.
package struct DaemonOptions: Sendable, Equatable {
    package var configurationDirectory = "/etc/minewarden"
    package var rulesDirectory = "/usr/share/minewarden/rules"
    package var stateDirectory = "/var/lib/minewarden"
    package var runtimeDirectory = "/run/minewarden"
    /// Paths whose filesystems are watched; empty for the whole host.
    package var watchedPaths: [String] = []
    /// nil if the settings decide.
    package var output: String?
    package var journalSocket: String?
    /// A file that is no program, for test execs; nil for none.
    package var canary: String?
    /// Whether a second process looks after the one that holds execs.
    package var hasGuardian = true

    package init() {}

    /// What came of reading the command line.
    package enum Parsed: Sendable, Equatable {
        case run(DaemonOptions)
        /// Text to print, and nothing else to do.
        case print(String)
        /// What is wrong with the command line.
        case wrong(String)
    }

    /// Reads the arguments after the program's name.
    package static func parse(_ arguments: [String]) -> Parsed {
        var options = DaemonOptions()
        var index = 0
        while index < arguments.count {
            let argument = arguments[index]
            index += 1
            switch argument {
            case "--help", "-h": return .print(help)
            case "--version": return .print("minewardend \(Version.text)\n")
            case "--no-guardian":
                options.hasGuardian = false
                continue
            default: break
            }
            let parts = argument.split(
                separator: "=",
                maxSplits: 1,
                omittingEmptySubsequences: false
            )
            let name = String(parts[0])
            guard let target = valueOptions[name] else {
                return .wrong("unknown argument '\(argument)'")
            }
            let value: String
            if parts.count == 2 {
                value = String(parts[1])
            } else if index < arguments.count {
                value = arguments[index]
                index += 1
            } else {
                return .wrong("'\(name)' needs a value")
            }
            guard !value.isEmpty else { return .wrong("'\(name)' needs a value") }
            target(&options, value)
        }
        if let output = options.output, SignalWriter.Output(rawValue: output) == nil {
            return .wrong("'--output \(output)': must be journal, json or console")
        }
        return .run(options)
    }

    private static let valueOptions: [String: @Sendable (inout DaemonOptions, String) -> Void] = [
        "--config-dir": { $0.configurationDirectory = $1 },
        "--rules-dir": { $0.rulesDirectory = $1 },
        "--state-dir": { $0.stateDirectory = $1 },
        "--runtime-dir": { $0.runtimeDirectory = $1 },
        "--watch": { $0.watchedPaths.append($1) },
        "--output": { $0.output = $1 },
        "--journal-socket": { $0.journalSocket = $1 },
        "--canary": { $0.canary = $1 },
    ]

    private static let help = """
        Usage: minewardend [OPTION]...

        Holds every exec on this host, judges it by the rules, denies or allows it, and
        records detections as signals. Needs root. Usually started by systemd.

          --config-dir DIR      rules.d, protection.yaml and minewarden.yaml
                                (default /etc/minewarden)
          --rules-dir DIR       shipped rules (default /usr/share/minewarden/rules)
          --state-dir DIR       deployed rules and protection (default /var/lib/minewarden)
          --runtime-dir DIR     the control socket (default /run/minewarden)
          --watch PATH          hold only execs of the filesystem that PATH lies on, and
                                judge nothing else; may be repeated
          --output KIND         journal (default), json (one object per line) or console
          --journal-socket PATH where journald listens
                                (default /run/systemd/journal/socket)
          --canary FILE         try to execute FILE, which must not be a program, every two
                                seconds; if nobody answers, start again
          --no-guardian         run in one process, for a debugger: execs wait for as long as
                                it is stopped
          --help, --version

        Signals: SIGHUP deploys edited rules and protection; SIGTERM and SIGINT stop.
        Exit status: 0 stopped, 1 cannot protect this host, 2 wrong command line.

        Example, on a host that must stay as it is:
          mount -t tmpfs none /mnt && minewardend --watch /mnt --output console

        """
}
