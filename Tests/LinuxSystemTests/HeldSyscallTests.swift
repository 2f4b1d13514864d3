import LinuxSystem
import Testing

/// The texts of /proc/TID/syscall that decide where arguments are read from.
struct HeldSyscallTests {
    private func parse(_ text: String, on machine: Machine = .x86_64) -> HeldSyscall? {
        HeldSyscall.parse(Array(text.utf8).span, machine: machine)
    }

    private let registers = "0x10 0x20 0x30 0x40 0x1000 0x60 0x7ffe0 0x401000\n"

    @Test func `reads execve by its registers`() throws {
        let call = try #require(parse("59 \(registers)"))
        #expect(call.kind == .execve)
        #expect(call.pointerSize == 8)
        #expect(call.path == 0x10)
        #expect(call.argv == 0x20)
        #expect(call.envp == 0x30)
        #expect(call.stackPointer == 0x7ffe0)
        #expect(call.programCounter == 0x401000)
    }

    @Test func `reads execveat with its directory and flags shifted by one`() throws {
        let call = try #require(parse("322 \(registers)"))
        #expect(call.kind == .execveat(directory: 0x10, flags: 0x1000))
        #expect(call.path == 0x20)
        #expect(call.argv == 0x30)
        #expect(call.envp == 0x40)
    }

    @Test(arguments: [
        (11 as UInt64, Machine.x86_64, 4), (358, .x86_64, 4), (59, .x86_64, 8),
        (0x4000_0000 | 520, .x86_64, 4), (0x4000_0000 | 545, .x86_64, 4),
        (221, .aarch64, 8), (281, .aarch64, 8), (11, .aarch64, 4), (387, .aarch64, 4),
    ])
    func `knows the numbers of every calling convention`(
        number: UInt64,
        machine: Machine,
        pointerSize: Int
    ) throws {
        let call = try #require(parse("\(number) \(registers)", on: machine))
        #expect(call.pointerSize == pointerSize)
    }

    @Test func `takes the low half of registers of a 32-bit caller`() throws {
        let call = try #require(
            parse("11 0xffffffff08049000 0x1 0x2 0x0 0x0 0x0 0xffffd000 0xf7fd0000\n")
        )
        #expect(call.path == 0x0804_9000)
    }

    @Test func `a directory of AT_FDCWD is negative`() throws {
        let call = try #require(parse("322 0xffffff9c 0x1 0x2 0x3 0x0 0x0 0x1 0x1\n"))
        #expect(call.kind == .execveat(directory: -100, flags: 0))
    }

    @Test func `says when the call only asks`() throws {
        #expect(try #require(parse("322 0x3 0x1 0x2 0x3 0x11000 0x0 0x1 0x1\n")).isCheckOnly)
        #expect(!(try #require(parse("322 0x3 0x1 0x2 0x3 0x1000 0x0 0x1 0x1\n")).isCheckOnly))
    }

    @Test(arguments: [
        "", "running\n", "-1 0x7ffe 0x401000\n", "59", "59 0x1 0x2", "59 1 2 3 4 5 6 7 8\n",
        "0 0x0 0x0 0x0 0x0 0x0 0x0 0x0 0x0\n", "221 0x1 0x2 0x3 0x4 0x5 0x6 0x7 0x8\n",
        "59 0x 0x2 0x3 0x4 0x5 0x6 0x7 0x8\n",
        "59 0xfffffffffffffffff 0x2 0x3 0x4 0x5 0x6 0x7 0x8\n",
        "99999999999999999999 0x1 0x2 0x3 0x4 0x5 0x6 0x7 0x8\n",
    ])
    func `is nil outside an exec and for malformed text`(text: String) {
        #expect(parse(text) == nil)
    }

    @Test func `is nil for every truncation that loses a register`() {
        let whole = Array("59 \(registers)".utf8)
        let lastField = whole.count - "0x401000\n".utf8.count
        for count in 0...lastField + 2 {
            #expect(HeldSyscall.parse(whole.span.extracting(first: count), machine: .x86_64) == nil)
        }
    }
}
