// How flags, options, joined arguments and environment names come from the vectors.

import RuleLanguage
import Testing

@Suite struct ProgramArgumentsTests {
    private func arguments(_ argv: [String], _ envp: [String] = []) -> ProgramArguments {
        ProgramArguments(argv: ByteStringList(argv), envp: ByteStringList(envp))
    }

    private func texts(_ list: ByteStringList) -> [String] {
        list.map { String(decoding: $0, as: UTF8.self) }
    }

    @Test(arguments: [
        (
            "-o stratum+tcp://p:3333 -u W --donate-level 1 --cpu-priority=3 --randomx-1gb-pages",
            "o u donate-level randomx-1gb-pages",
            "o=stratum+tcp://p:3333 u=W donate-level=1 cpu-priority=3"
        ),
        ("-ls", "l s ls", ""), ("-l -s", "l s", ""), ("--ls", "ls", ""),
        ("-l x -s y", "l s", "l=x s=y"),
        ("--l", "", ""), ("--l x", "", "l=x"), ("-", "", ""), ("--", "", ""), ("-- x", "", ""),
        ("---x", "-x", ""), ("---x y", "-x", ""), ("-a=b", "", "a=b"), ("--a=b", "", "a=b"),
        ("--a=", "", "a="), ("-=b", "", ""), ("-a-b c", "a-b", "a-b=c"),
        ("-abc d", "a b c abc", "abc=d"),
        ("x -y", "y", ""), ("-y x z", "y", "y=x"), ("-y -z", "y z", ""), ("--a b --c", "", "a=b"),
        ("-_x y", "_x", ""), ("", "", ""), ("-9 x", "9", "9=x"), ("--a=b=c", "", "a=b=c"),
    ])
    func `flags and options`(line: String, flags: String, options: String) {
        let words = line.split(separator: " ").map(String.init)
        let arguments = arguments(["prog"] + words)
        #expect(texts(arguments.flags) == flags.split(separator: " ").map(String.init))
        #expect(texts(arguments.options) == options.split(separator: " ").map(String.init))
        #expect(String(decoding: arguments.args, as: UTF8.self) == line)
        #expect(texts(arguments.argv) == words)
    }

    @Test func `an empty argument is taken as an option's value`() {
        #expect(texts(arguments(["p", "-a", "", "-b"]).options) == ["a="])
    }

    @Test func `the first element is never an argument`() {
        let arguments = arguments(["-x", "y"])
        #expect(texts(arguments.flags) == [])
        #expect(String(decoding: arguments.argv0, as: UTF8.self) == "-x")
        #expect(texts(self.arguments([]).argv) == [])
        #expect(self.arguments([]).argv0.isEmpty)
    }

    @Test func `names of the environment, and values of those that keep them`() {
        let names = arguments(["p"], ["A=1", "PATH=/bin", "ODD", "=x", "", "LD_PRELOAD=a=b"]).names
        #expect(texts(names) == ["A", "PATH=/bin", "ODD", "", "", "LD_PRELOAD=a=b"])
    }

    @Test func `a replaced vector forgets everything derived from the last`() {
        let arguments = arguments(["p", "-a", "b"], ["X=1"])
        _ = (arguments.args, arguments.flags, arguments.options, arguments.names, arguments.argv)
        arguments.update { argv, envp in
            #expect(argv.isEmpty && envp.isEmpty)
            argv.append("q".utf8)
            argv.append("--c=d".utf8)
            envp.append("Y=2".utf8)
        }
        #expect(String(decoding: arguments.args, as: UTF8.self) == "--c=d")
        #expect(texts(arguments.flags) == [])
        #expect(texts(arguments.options) == ["c=d"])
        #expect(texts(arguments.names) == ["Y"])
        #expect(texts(arguments.argv) == ["--c=d"])
    }
}
