import Glibc
import LinuxSystem
import Testing

/// What the kernel would make of a file's first bytes.
struct ProgramFormatTests {
    private func script(_ text: String) -> ProgramFormat? {
        ProgramFormat.script(Array(text.utf8).span)
    }

    private func expectScript(_ text: String, _ interpreter: String, _ argument: String?) {
        #expect(
            script(text)
                == .script(
                    interpreter: Array(interpreter.utf8),
                    argument: argument.map { Array($0.utf8) }
                )
        )
    }

    @Test(
        arguments: [
            ("#!/bin/sh\n", "/bin/sh", nil),
            ("#! /bin/sh \n", "/bin/sh", nil),
            ("#!\t/bin/sh\t-e\t\n", "/bin/sh", "-e"),
            ("#!/usr/bin/env python3 -u\nprint()\n", "/usr/bin/env", "python3 -u"),
            ("#!/bin/sh", "/bin/sh", nil),
            ("#!/bin/sh -x", "/bin/sh", "-x"),
            ("#!/bin/sh\r\n", "/bin/sh\r", nil),
        ] as [(String, String, String?)]
    )
    func `splits an interpreter line like the kernel`(
        text: String,
        interpreter: String,
        argument: String?
    ) {
        expectScript(text, interpreter, argument)
    }

    @Test func `is no script without a name after the mark`() {
        #expect(script("#!\n/bin/sh") == .other)
        #expect(script("#!   \n") == .other)
        #expect(script("# comment\n") == nil)
        #expect(script("") == nil)
    }

    @Test func `refuses a name that the kernel would cut`() {
        let long = "#!/" + String(repeating: "a", count: 400)
        #expect(script(long) == .other)
    }

    @Test func `cuts an argument where the kernel does`() {
        let text = "#!/bin/x " + String(repeating: "b", count: 400)
        expectScript(text, "/bin/x", String(repeating: "b", count: 256 - 9))
    }

    @Test func `tells a dynamic program, its loader and other files apart`() throws {
        let shell = try format(of: "/bin/sh")
        guard case .elf(let interpreter?) = shell else {
            Issue.record("/bin/sh is \(shell)")
            return
        }
        let loader = String(decoding: interpreter, as: UTF8.self)
        #expect(loader.hasPrefix("/lib"))
        #expect(try format(of: loader) == .elfWithoutInterpreter(isLoader: true))
        #expect(try format(of: "/etc/passwd") == .other)
    }

    private func format(of path: String) throws -> ProgramFormat {
        let file = OwnedFD(open(path, O_RDONLY | O_CLOEXEC))
        try #require(file.raw >= 0)
        return try ProgramFormat.of(file.raw)
    }

    /// A hostile ELF file may lie in every field; none may crash the daemon.
    @Test func `survives every truncation and every overwritten byte of an ELF head`() throws {
        let file = OwnedFD(open("/bin/sh", O_RDONLY | O_CLOEXEC))
        var head = [UInt8](repeating: 0, count: 1024)
        #expect(read(file.raw, &head, head.count) == head.count)
        let template = strdup("/tmp/minewarden-elf-XXXXXX")
        defer { free(template) }
        let scratch = OwnedFD(mkstemp(try #require(template)))
        unlink(try #require(template))
        for count in stride(from: 0, through: head.count, by: 7) {
            try write(Array(head.prefix(count)), to: scratch)
            _ = try ProgramFormat.of(scratch.raw)
        }
        for index in 0..<256 {
            for value in [0, 1, 0x7f, 0x80, 0xff] as [UInt8] {
                var broken = head
                broken[index] = value
                try write(broken, to: scratch)
                _ = try ProgramFormat.of(scratch.raw)
            }
        }
    }

    private func write(_ bytes: [UInt8], to file: borrowing OwnedFD) throws {
        try #require(ftruncate(file.raw, 0) == 0)
        #expect(pwrite(file.raw, bytes, bytes.count, 0) == bytes.count)
    }
}
