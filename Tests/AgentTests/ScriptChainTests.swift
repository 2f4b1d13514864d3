// What the kernel makes of `#!` programs, and what is read from a held call.

import Glibc
import LinuxSystem
import RuleLanguage
import Testing

@testable import Agent

struct `Script chain` {
    private func chain(_ name: String, _ steps: [(String, String?)]) -> ScriptChain {
        var chain = ScriptChain(name: bytes(name))
        for (interpreter, argument) in steps {
            chain.append(interpreter: bytes(interpreter), argument: argument.map { bytes($0) })
        }
        return chain
    }

    @Test func `leaves the arguments of a program as they are`() {
        let argv = ByteStringList(["anything", "-o", "x"])
        #expect(texts(chain("/bin/x", []).arguments(from: argv)) == ["anything", "-o", "x"])
    }

    @Test(
        arguments: [
            (nil, ["/bin/sh", "./run.sh", "-o", "x"]),
            ("-e -u", ["/bin/sh", "-e -u", "./run.sh", "-o", "x"]),
        ] as [(String?, [String])]
    )
    func `puts the interpreter in the place of the first argument`(
        argument: String?,
        expected: [String]
    ) {
        let argv = ByteStringList(["whatever", "-o", "x"])
        #expect(texts(chain("./run.sh", [("/bin/sh", argument)]).arguments(from: argv)) == expected)
    }

    @Test func `puts the innermost interpreter first`() {
        let nested = chain("./b", [("/tmp/a", "one"), ("/bin/sh", nil)])
        #expect(
            texts(nested.arguments(from: ByteStringList(["b", "x"])))
                == ["/bin/sh", "/tmp/a", "one", "./b", "x"]
        )
    }

    @Test func `makes arguments even of an empty vector`() {
        let empty = ByteStringList()
        #expect(
            texts(chain("./s", [("/bin/sh", nil)]).arguments(from: empty)) == ["/bin/sh", "./s"]
        )
    }

    @Test func `goes no deeper than the kernel`() {
        let deep = chain("s", (0..<9).map { ("/i\($0)", nil) })
        #expect(deep.steps.count == ScriptChain.depthLimit)
    }

    @Test(arguments: [
        ("/usr/bin/xmrig", "xmrig"), ("xmrig", "xmrig"), ("/tmp/", ""), ("", ""),
        ("/opt/a-very-long-program-name", "a-very-long-pro"), ("/dev/fd/7", "7"),
    ])
    func `names the task after the last part of the program's name`(name: String, task: String) {
        #expect(text(chain(name, [("/bin/sh", nil)]).taskName) == task)
    }
}

struct `Held program` {
    private func program(
        _ path: String,
        _ argv: [String],
        kind: HeldSyscall.Kind = .execve,
        format: ProgramFormat = .elf(interpreter: nil),
        chain: ScriptChain? = nil
    ) throws -> HeldProgram {
        var all = bytes(path)
        var bounds: [Range<Int>] = []
        for argument in argv {
            let start = all.count
            all += bytes(argument)
            bounds.append(start..<all.count)
        }
        var strings = ExecStrings()
        strings.bytes = all
        strings.path = 0..<path.utf8.count
        strings.argv = bounds
        return HeldProgram(strings: strings, call: try call(kind), format: format, chain: chain)
    }

    @Test(
        arguments: [
            (HeldSyscall.Kind.execve, "./x", "./x"),
            (.execveat(directory: -100, flags: 0), "./x", "./x"),
            (.execveat(directory: 7, flags: 0), "/abs/x", "/abs/x"),
            (.execveat(directory: 7, flags: 0), "sub/x", "/dev/fd/7/sub/x"),
            (.execveat(directory: 7, flags: 0x1000), "", "/dev/fd/7"),
        ] as [(HeldSyscall.Kind, String, String)]
    )
    func `has the name that the kernel gives it`(
        kind: HeldSyscall.Kind,
        path: String,
        name: String
    ) throws {
        #expect(text(try program(path, ["x"], kind: kind).chain.name) == name)
    }

    @Test func `adds a further interpreter to the chain of its exec`() throws {
        let first = try program(
            "./b",
            ["b", "z"],
            format: .script(interpreter: bytes("/tmp/a"), argument: nil)
        )
        #expect(texts(first.argv) == ["/tmp/a", "./b", "z"])
        let second = try program(
            "./b",
            ["b", "z"],
            format: .script(interpreter: bytes("/bin/sh"), argument: bytes("-e")),
            chain: first.chain
        )
        #expect(texts(second.argv) == ["/bin/sh", "-e", "/tmp/a", "./b", "z"])
    }

    @Test(
        arguments: [
            (["ld.so", "./x", "-o"], "./x"),
            (["ld.so", "--library-path", "/lib", "./x"], "./x"),
            (["ld.so", "--list", "./x"], "./x"),
            (["ld.so", "--argv0", "name", "--preload", "a.so", "./x"], "./x"),
            (["ld.so", "--library-path"], nil),
            (["ld.so", "--inhibit-cache"], nil),
            (["ld.so"], nil),
            ([], nil),
        ] as [([String], String?)]
    )
    func `knows what a loader is told to run`(argv: [String], loaded: String?) throws {
        var loader = try program("ld.so", argv)
        #expect(loader.loadedProgram == nil, "only of a loader started by itself")
        loader.isDirectLoader = true
        #expect(loader.loadedProgram.map { text($0) } == loaded)
    }
}

struct `Main file` {
    @Test(
        arguments: [
            (HeldSyscall.Kind.execve, "/proc/self/fd/9", 9),
            (.execve, "/proc/thread-self/fd/12", 12),
            (.execve, "/dev/fd/3", 3),
            (.execve, "/tmp/x", nil),
            (.execve, "/dev/fd/3/x", nil),
            (.execve, "/dev/fd/", nil),
            (.execve, "/dev/fd/99999999999", nil),
            (.execveat(directory: 5, flags: 0x1000), "", 5),
            (.execveat(directory: 5, flags: 0), "", nil),
            (.execveat(directory: 5, flags: 0x1000), "sub/x", nil),
            (.execveat(directory: 5, flags: 0x1000), "/dev/fd/4", 4),
        ] as [(HeldSyscall.Kind, String, Int32?)]
    )
    func `is known by the descriptor that a call names`(
        kind: HeldSyscall.Kind,
        path: String,
        descriptor: Int32?
    ) throws {
        #expect(MainFileFinder.descriptor(in: try call(kind), path: bytes(path)[...]) == descriptor)
    }
}
