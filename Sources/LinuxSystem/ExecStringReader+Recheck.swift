// Are the strings of a held exec still those that were read before? One call into its memory, for the
// pointers and the pages of the strings, compared with what is still here: a fraction of what reading
// anew costs.

import Glibc

extension ExecStringReader {
    /// Runs of remote pages that are worth looking at again, and all they may hold: strings of a few
    /// bytes may lie on a page each.
    private static let manyRegions = 64
    private static let manyBytes = 256 << 10

    /// True if the strings of this call are those that any reader has read of it before.
    ///
    /// `environment` is what that read was told. False also if this cannot be known: something was
    /// cut or unreadable, or the strings lie all over the place.
    package func isUnchanged(
        _ strings: ExecStrings,
        task: Int32,
        call: HeldSyscall,
        environment: Bool
    ) -> Bool {
        guard !strings.isUnreadable, !strings.isArgvTruncated, !strings.isEnvpTruncated,
            planRecheck(strings, call, environment: environment)
        else { return false }
        do throws(SystemError) {
            try RemoteMemory(task: task).read(&regions, into: &scratch)
        } catch {
            return false
        }
        guard regions.allSatisfy({ $0.readCount == $0.count }) else { return false }
        return arePointersUnchanged(strings, call, environment: environment)
            && areBytesUnchanged(strings, from: environment ? 2 : 1)
    }

    /// Fills `regions`: argv, envp (if asked for), then the pages of the strings in the order in which
    /// these were stored.
    ///
    /// Shells have a variable here and a variable there: page by page they are few runs all the same.
    private func planRecheck(
        _ strings: ExecStrings,
        _ call: HeldSyscall,
        environment: Bool
    ) -> Bool {
        regions.removeAll(keepingCapacity: true)
        let size = call.pointerSize
        let argv = call.argv == 0 ? 0 : (strings.argv.count + 1) * size
        regions.append(.init(address: call.argv, count: argv))
        if environment {
            let envp = call.envp == 0 ? 0 : (strings.envp.count + 1) * size
            regions.append(.init(address: call.envp, count: envp))
        }
        let first = regions.count
        for pointer in strings.pointers {
            let start = pointer.address & ~4095
            let end = (pointer.address + UInt64(strings.range(of: pointer.place).count)) | 4095
            let count = Int(end - start) + 1
            let last = regions.count - 1
            if last >= first, regions[last].address <= start, start <= regions[last].end {
                let skipped = Int(start - regions[last].address)
                regions[last].count = max(regions[last].count, skipped + count)
            } else {
                guard regions.count < Self.manyRegions else { return false }
                regions.append(.init(address: start, count: count))
            }
        }
        return regions.reduce(0) { $0 + $1.count } <= Self.manyBytes
    }

    private func arePointersUnchanged(
        _ strings: ExecStrings,
        _ call: HeldSyscall,
        environment: Bool
    ) -> Bool {
        let size = call.pointerSize
        let argv = regions[0].offset
        let envp = environment ? regions[1].offset : 0
        for pointer in strings.pointers {
            let place: Int
            switch pointer.place {
            case .path: continue
            case .argument(let index): place = argv + index * size
            case .environment(let index): place = envp + index * size
            }
            guard word(at: place, size: size) == pointer.address else { return false }
        }
        // And both end where they ended.
        return
            (regions[0].count == 0 || word(at: argv + strings.argv.count * size, size: size) == 0)
            && (!environment || regions[1].count == 0
                || word(at: envp + strings.envp.count * size, size: size) == 0)
    }

    private func areBytesUnchanged(_ strings: ExecStrings, from first: Int) -> Bool {
        unsafe scratch.withUnsafeBytes { now in
            unsafe strings.bytes.withUnsafeBytes { then in
                guard let now = now.baseAddress, let then = then.baseAddress else {
                    return strings.pointers.isEmpty
                }
                var region = first
                for pointer in strings.pointers {
                    let range = strings.range(of: pointer.place)
                    // The NUL is compared as well.
                    let last = pointer.address + UInt64(range.count)
                    while region < regions.count,
                        !regions[region].contains(pointer.address)
                            || !regions[region].contains(last)
                    {
                        region += 1
                    }
                    guard region < regions.count, range.upperBound < strings.bytes.count else {
                        return false
                    }
                    let place =
                        regions[region].offset + Int(pointer.address - regions[region].address)
                    guard unsafe memcmp(now + place, then + range.lowerBound, range.count + 1) == 0
                    else { return false }
                }
                return true
            }
        }
    }
}

extension ExecStrings {
    fileprivate func range(of place: Place) -> Range<Int> {
        switch place {
        case .path: path
        case .argument(let index): argv[index]
        case .environment(let index): envp[index]
        }
    }
}
