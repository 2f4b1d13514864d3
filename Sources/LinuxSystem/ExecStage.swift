// Which of the opens of one exec a held thread is in: that of the program, or that of what the
// program needs to start. Told by the kernel's own call chain, so nothing the caller arranges
// (registers, memory, the order of its calls) can make one look like the other.

/// What a thread held in execve is opening.
package enum ExecStage: Sendable, Equatable {
    /// The file that the call names.
    case program
    /// The interpreter of a script, the loader of an ELF program, or a binfmt_misc handler.
    case interpreter
    /// The kernel does not show its stacks (CONFIG_STACKTRACE), or shows something else.
    case unknown

    /// Reads the text of `/proc/TID/stack` (proc(5)): one line `[<0>] function+0xOFFSET/0xSIZE` per
    /// frame, the innermost first.
    ///
    /// Interpreters are opened by `open_exec`, from the `load_*` function of the file's format.
    package init(stack text: Span<UInt8>) {
        var isExec = false
        var start = 0
        for index in 0..<text.count where text[index] == 0x2b {  // "+"
            start = Self.nameStart(text, before: index)
            let name = text.extracting(start..<index)
            if Self.begins(name, "open_exec") || Self.begins(name, "load_") {
                self = .interpreter
                return
            }
            if Self.begins(name, "do_execve") || Self.begins(name, "do_open_execat") {
                isExec = true
            }
        }
        self = isExec ? .program : .unknown
    }

    private static func nameStart(_ text: Span<UInt8>, before end: Int) -> Int {
        var start = end
        while start > 0, text[start - 1] != 0x20, text[start - 1] != 0x0a { start -= 1 }
        return start
    }

    private static func begins(_ name: Span<UInt8>, _ prefix: StaticString) -> Bool {
        guard name.count >= prefix.utf8CodeUnitCount else { return false }
        for index in 0..<prefix.utf8CodeUnitCount {
            guard unsafe name[index] == prefix.utf8Start[index] else { return false }
        }
        return true
    }
}
