// The few facts of an ELF file that decide how it starts (elf(5)). Pure, over hostile bytes.

/// The header and program headers of an ELF file, as far as they lie in its first bytes.
struct ELFHead {
    let is64Bit: Bool
    /// ET_DYN: position-independent, a library, or a loader.
    let isPositionIndependent: Bool
    /// Where in the file the loader's name stands (PT_INTERP).
    private(set) var interpreter: Range<Int>?
    /// Where the dynamic section stands (PT_DYNAMIC).
    private(set) var dynamic: Range<Int>?

    /// nil if the bytes do not begin like a little-endian ELF program.
    init?(_ head: Span<UInt8>) {
        guard head.count >= 52, head[0] == 0x7f, head[1] == 0x45, head[2] == 0x4c, head[3] == 0x46,
            head[4] == 1 || head[4] == 2, head[5] == 1
        else { return nil }
        is64Bit = head[4] == 2
        guard !is64Bit || head.count >= 64 else { return nil }
        isPositionIndependent = Self.number(head, 16, 2) == 3
        let table = Self.number(head, is64Bit ? 32 : 28, is64Bit ? 8 : 4)
        let entrySize = Int(Self.number(head, is64Bit ? 54 : 42, 2))
        let count = Int(Self.number(head, is64Bit ? 56 : 44, 2))
        guard entrySize >= (is64Bit ? 56 : 32), table < 1 << 20 else { return }
        for index in 0..<count {
            let entry = Int(table) + index * entrySize
            guard entry + entrySize <= head.count else { return }
            switch Self.number(head, entry, 4) {
            case 3: interpreter = place(head, entry)
            case 2: dynamic = place(head, entry)
            default: break
            }
        }
    }

    private func place(_ head: Span<UInt8>, _ entry: Int) -> Range<Int>? {
        let size = is64Bit ? 8 : 4
        let offset = Self.number(head, entry + (is64Bit ? 8 : 4), size)
        let length = Self.number(head, entry + (is64Bit ? 32 : 16), size)
        guard offset < 1 << 40, length > 0, length < 1 << 20 else { return nil }
        return Int(offset)..<Int(offset + length)
    }

    /// Little-endian number of up to eight bytes; the caller has checked the bounds.
    private static func number(_ bytes: Span<UInt8>, _ offset: Int, _ size: Int) -> UInt64 {
        var value: UInt64 = 0
        for index in 0..<size { value |= UInt64(bytes[offset + index]) << (8 * UInt64(index)) }
        return value
    }

    /// True if the dynamic section says that the file is a program (DT_FLAGS_1 with DF_1_PIE);
    /// a loader does not.
    static func isMarkedPIE(dynamic: Span<UInt8>, is64Bit: Bool) -> Bool {
        let size = is64Bit ? 8 : 4
        var offset = 0
        while offset + 2 * size <= dynamic.count {
            let tag = number(dynamic, offset, size)
            if tag == 0 { return false }
            if tag == 0x6fff_fffb {
                return number(dynamic, offset + size, size) & 0x0800_0000 != 0
            }
            offset += 2 * size
        }
        return false
    }
}
