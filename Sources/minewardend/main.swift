// The daemon's entry: reads the command line and hands over. No Foundation, no forks.

import Agent
import LinuxSystem

switch DaemonOptions.parse(Array(CommandLine.arguments.dropFirst())) {
case .run(let options):
    Host.exit(Daemon.run(options))
case .print(let text):
    _ = Host.write(Array(text.utf8), to: 1)
case .wrong(let text):
    _ = Host.write(Array("minewardend: \(text)\nTry 'minewardend --help'.\n".utf8), to: 2)
    Host.exit(2)
}
