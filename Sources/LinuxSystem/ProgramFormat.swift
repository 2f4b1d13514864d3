// What the kernel makes of the first bytes of an executable: a script with an interpreter, an ELF
// program with or without a loader, or something else. Pure parsing, plus one function that reads.

import Glibc
import SystemPackage

/// How the kernel starts a file (fs/binfmt_script.c, fs/binfmt_elf.c).
package enum ProgramFormat: Sendable, Equatable {
    /// `#!interpreter argument`; the argument is one string however many words it has.
    case script(interpreter: [UInt8], argument: [UInt8]?)
    /// An ELF program; `interpreter` is the loader it asks for, nil if it starts by itself.
    case elf(interpreter: [UInt8]?)
    /// An ELF file that is a loader itself (`ld.so`), or a static position-independent program.
    /// `isLoader` tells them apart by DF_1_PIE in the dynamic section.
    case elfWithoutInterpreter(isLoader: Bool)
    /// binfmt_misc, or not executable at all.
    case other
}

extension ProgramFormat {
    /// Bytes of a script's first line that the kernel looks at (BINPRM_BUF_SIZE).
    static let scriptLineLimit = 256
    /// Bytes read at first: an ELF header, its program headers and mostly the loader's name.
    private static let headSize = 1024

    /// Reads the format of an open file; page cache reads, in general.
    ///
    /// - Throws: `pread`: EIO and the like.
    package static func of(_ file: CInt) throws(SystemError) -> ProgramFormat {
        var head: InlineArray<1024, UInt8> = .init(repeating: 0)
        let count = try readAt(file, 0, into: &head)
        let span = head.span.extracting(first: count)
        if let script = script(span) { return script }
        guard let elf = ELFHead(span) else { return .other }
        if let place = elf.interpreter {
            return .elf(interpreter: try bytes(of: file, at: place, head: span, limit: 4096))
        }
        guard elf.isPositionIndependent, let dynamic = elf.dynamic else {
            return .elf(interpreter: nil)
        }
        let section = try bytes(of: file, at: dynamic, head: span, limit: 4096)
        return .elfWithoutInterpreter(
            isLoader: !ELFHead.isMarkedPIE(dynamic: section.span, is64Bit: elf.is64Bit)
        )
    }

    private static func readAt(
        _ file: CInt,
        _ offset: Int,
        into buffer: inout InlineArray<1024, UInt8>
    ) throws(SystemError) -> Int {
        var span = buffer.mutableSpan
        let count = unsafe span.withUnsafeMutableBytes { bytes in
            unsafe pread(file, bytes.baseAddress, bytes.count, off_t(offset))
        }
        guard count >= 0 else { throw SystemError(call: "pread", errno: .current) }
        return count
    }

    /// A part of the file, from the head if it lies there; without a closing NUL.
    private static func bytes(
        of file: CInt,
        at place: Range<Int>,
        head: Span<UInt8>,
        limit: Int
    ) throws(SystemError) -> [UInt8] {
        let size = min(place.count, limit)
        var result: [UInt8]
        if place.lowerBound + size <= head.count {
            result = .init(capacity: size) { output in
                for index in 0..<size { output.append(head[place.lowerBound + index]) }
            }
        } else {
            result = [UInt8](repeating: 0, count: size)
            let count = unsafe result.withUnsafeMutableBytes { bytes in
                unsafe pread(file, bytes.baseAddress, size, off_t(place.lowerBound))
            }
            guard count >= 0 else { throw SystemError(call: "pread", errno: .current) }
            result.removeLast(size - count)
        }
        if result.last == 0 { result.removeLast() }
        return result
    }

    /// Parses a `#!` line by the kernel's rules: spaces and tabs around, one argument, the line
    /// ends at the first newline, and a name cut by the limit is refused.
    package static func script(_ head: Span<UInt8>) -> ProgramFormat? {
        guard head.count > 2, head[0] == 0x23, head[1] == 0x21 else { return nil }
        let limit = min(head.count, scriptLineLimit)
        var end = 2
        while end < limit, head[end] != 0x0a { end += 1 }
        let hasNewline = end < limit
        var start = 2
        while start < end, isBlank(head[start]) { start += 1 }
        var nameEnd = start
        while nameEnd < end, !isBlank(head[nameEnd]), head[nameEnd] != 0 { nameEnd += 1 }
        // Without a newline in sight the name must at least end in sight (or the file ends there).
        guard nameEnd > start, hasNewline || nameEnd < end || head.count < scriptLineLimit else {
            return .other
        }
        var argument = nameEnd
        while argument < end, isBlank(head[argument]) { argument += 1 }
        var argumentEnd = argument
        while argumentEnd < end, head[argumentEnd] != 0 { argumentEnd += 1 }
        while argumentEnd > argument, isBlank(head[argumentEnd - 1]) { argumentEnd -= 1 }
        return .script(
            interpreter: copy(head, start..<nameEnd),
            argument: argumentEnd > argument ? copy(head, argument..<argumentEnd) : nil
        )
    }

    private static func isBlank(_ byte: UInt8) -> Bool { byte == 0x20 || byte == 0x09 }

    private static func copy(_ span: Span<UInt8>, _ range: Range<Int>) -> [UInt8] {
        .init(capacity: range.count) { output in
            for index in range { output.append(span[index]) }
        }
    }
}
