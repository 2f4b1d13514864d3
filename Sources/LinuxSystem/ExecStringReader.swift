// Reads argv and envp of the program about to start from the memory of the held task.
// The pages that the strings lie on are fetched with few calls (a call and each remote range cost
// more than the bytes), the strings are cut here. Every read may block for as long as the owner of
// the memory likes (userfaultfd, FUSE): only under a deadline.

import Glibc

/// Limits of execve(2): what the kernel itself accepts (MAX_ARG_STRLEN, and three quarters of
/// _STK_LIM for all strings and pointers).
package struct ExecLimits: Sendable {
    /// Bytes of one string with its NUL.
    package var string = 128 << 10
    /// Bytes of all strings and their pointers.
    package var total = 6 << 20

    package init() {}
}

/// Reads the strings of held execs; one per verdict thread, its buffers are reused.
package final class ExecStringReader {
    private var output = ExecStrings()
    /// Raw remote memory: the starts of the path and the arrays, then batches of string pages.
    var scratch = [UInt8](repeating: 0, count: 64 << 10)
    var regions: [RemoteMemory.Region] = []
    private let limits: ExecLimits

    package init(limits: ExecLimits = ExecLimits()) {
        self.limits = limits
    }

    /// Reads the file name and arguments, and the environment if a rule needs it.
    ///
    /// Give the returned value back with `recycle(_:)`, or its memory is allocated anew next time.
    /// - Throws: `process_vm_readv`: ESRCH if the task is gone, EPERM without CAP_SYS_PTRACE or
    ///   with `kernel.yama.ptrace_scope=3`. Memory that cannot be read is a mark, not an error.
    package func read(
        task: Int32,
        call: HeldSyscall,
        environment: Bool
    ) throws(SystemError) -> ExecStrings {
        output.reset()
        let memory = RemoteMemory(task: task)
        if Self.canBeRead(call.path) {
            output.pointers.append(.init(address: call.path, place: .path))
        }
        try readArrays(memory, call, environment: environment)
        try readStrings(memory)
        defer { output = ExecStrings() }
        return output
    }

    /// Takes back a value that nobody looks at any more, to use its memory again.
    package func recycle(_ strings: consuming ExecStrings) {
        output = strings
    }

    // MARK: - Pointers

    /// One NULL-terminated array of string pointers, as far as it was read.
    private struct PointerArray {
        let size: Int
        let isEnvironment: Bool
        var next: UInt64
        var count = 0
        var hasEnded = false
        var isCut = false
    }

    /// Fetches the starts of both arrays in one call, then what they lack.
    private func readArrays(
        _ memory: RemoteMemory,
        _ call: HeldSyscall,
        environment: Bool
    ) throws(SystemError) {
        let size = call.pointerSize
        var argv = PointerArray(size: size, isEnvironment: false, next: call.argv)
        var envp = PointerArray(size: size, isEnvironment: true, next: call.envp)
        for address in [call.path, call.argv] + (environment ? [call.envp] : [])
        where address != 0 && !Self.canBeRead(address) {
            output.isUnreadable = true
        }
        argv.hasEnded = !Self.canBeRead(call.argv)
        envp.hasEnded = !Self.canBeRead(call.envp) || !environment
        regions.removeAll(keepingCapacity: true)
        if !argv.hasEnded { regions.append(.init(address: argv.next, atLeast: size)) }
        if !envp.hasEnded { regions.append(.init(address: envp.next, atLeast: size)) }
        guard !regions.isEmpty else { return }
        try memory.read(&regions, into: &scratch)
        let starts = (first: regions[0], last: regions[regions.count - 1])
        if !argv.hasEnded { takePointers(&argv, from: starts.first) }
        if !envp.hasEnded { takePointers(&envp, from: starts.last) }
        try readOn(memory, &argv)
        try readOn(memory, &envp)
        output.isArgvTruncated = argv.isCut
        output.isEnvpTruncated = envp.isCut
        output.argv.append(contentsOf: repeatElement(0..<0, count: argv.count))
        output.envp.append(contentsOf: repeatElement(0..<0, count: envp.count))
    }

    private func readOn(
        _ memory: RemoteMemory,
        _ array: inout PointerArray
    ) throws(SystemError) {
        while !array.hasEnded {
            regions.removeAll(keepingCapacity: true)
            regions.append(.init(address: array.next, atLeast: array.size))
            try memory.read(&regions, into: &scratch)
            takePointers(&array, from: regions[0])
        }
    }

    /// Takes the pointers that lie whole in a region that was just read.
    private func takePointers(_ array: inout PointerArray, from region: RemoteMemory.Region) {
        let whole = region.readCount / array.size
        if whole == 0 {
            output.isUnreadable = true
            array.hasEnded = true
        }
        for position in 0..<whole {
            let address = word(at: region.offset + position * array.size, size: array.size)
            guard address != 0 else {
                array.hasEnded = true
                return
            }
            // Each string costs the kernel its pointer and at least its NUL.
            guard output.pointers.count * (array.size + 1) < limits.total else {
                array.isCut = true
                array.hasEnded = true
                return
            }
            let place: ExecStrings.Place =
                array.isEnvironment ? .environment(array.count) : .argument(array.count)
            if Self.canBeRead(address) {
                output.pointers.append(.init(address: address, place: place))
            } else {
                output.isUnreadable = true
            }
            array.count += 1
        }
        array.next &+= UInt64(whole * array.size)
    }

    /// User memory ends far below the top of the address space on every architecture; so does the
    /// arithmetic here.
    private static func canBeRead(_ address: UInt64) -> Bool {
        address != 0 && address < 1 << 56
    }

    func word(at offset: Int, size: Int) -> UInt64 {
        unsafe scratch.withUnsafeBytes { bytes in
            size == 8
                ? unsafe bytes.loadUnaligned(fromByteOffset: offset, as: UInt64.self)
                : unsafe UInt64(bytes.loadUnaligned(fromByteOffset: offset, as: UInt32.self))
        }
    }

    // MARK: - Strings

    /// Pages fetched with one call; bounds the scratch memory whatever the layout.
    private static let batchPages = 256
    /// Places where a pointer is below the one before it, up to which they are read as they come.
    private static let bearableTurns = 16

    private func readStrings(_ memory: RemoteMemory) throws(SystemError) {
        // Mostly they are a few ascending runs already (the name, the arguments, the environment),
        // which costs less than sorting does. Sorted, no layout makes us read a page twice.
        if turns > Self.bearableTurns { output.pointers.sort { $0.address < $1.address } }
        var next = 0
        while next < output.pointers.count {
            let end = planBatch(from: next)
            try memory.read(&regions, into: &scratch)
            var region = 0
            while next < end {
                next = cutWhole(from: next, to: end, region: &region)
                guard next < end else { break }
                guard output.bytes.count < limits.total else {
                    for pointer in output.pointers[next...] { markTruncated(pointer.place) }
                    return
                }
                try storeString(memory, output.pointers[next], region: regions[region])
                next += 1
            }
        }
    }

    /// Cuts strings that end in the region they start in.
    ///
    /// Strings that lie side by side, as they mostly do, are copied together. Stops at a string
    /// that goes on elsewhere, cannot be read or is beyond a limit; `region` is then its region.
    ///
    /// - Returns: The position after the last string that was cut.
    private func cutWhole(from first: Int, to end: Int, region: inout Int) -> Int {
        unsafe scratch.withUnsafeBytes { bytes in
            guard let base = bytes.baseAddress else { return first }
            var index = first
            // The run of neighbours that is not copied yet, in `scratch`.
            var run = 0..<0
            while index < end {
                let pointer = output.pointers[index]
                while !regions[region].contains(pointer.address) { region += 1 }
                let place = regions[region]
                let start = place.offset + Int(pointer.address - place.address)
                let limit = place.offset + place.readCount
                guard start < limit, output.bytes.count + run.count < limits.total,
                    let nul = unsafe memchr(base + start, 0, limit - start)
                else { break }
                let stop = unsafe UnsafeRawPointer(nul) - base
                guard stop - start < limits.string else { break }
                if start != run.upperBound {
                    unsafe append(bytes, run)
                    run = start..<start
                }
                let target = output.bytes.count + start - run.lowerBound
                store(target..<target + stop - start, at: pointer.place)
                run = run.lowerBound..<stop + 1
                index += 1
            }
            unsafe append(bytes, run)
            return index
        }
    }

    private func append(_ bytes: UnsafeRawBufferPointer, _ run: Range<Int>) {
        guard !run.isEmpty else { return }
        unsafe output.bytes.append(contentsOf: UnsafeRawBufferPointer(rebasing: bytes[run]))
    }

    private var turns: Int {
        var previous: UInt64 = 0
        var count = 0
        for pointer in output.pointers {
            if pointer.address < previous { count += 1 }
            previous = pointer.address
        }
        return count
    }

    /// Fills `regions` with the runs of pages that the next strings start on.
    private func planBatch(from first: Int) -> Int {
        regions.removeAll(keepingCapacity: true)
        var pages = 0
        for index in first..<output.pointers.count {
            let page = output.pointers[index].address & ~4095
            if let last = regions.last, last.contains(page) { continue }
            guard pages < Self.batchPages else { return index }
            pages += 1
            if let last = regions.last, page == last.end {
                regions[regions.count - 1].count += 4096
            } else {
                regions.append(.init(page: page))
            }
        }
        return output.pointers.count
    }

    /// Appends one string to the output, from the region it starts in and from what follows.
    private func storeString(
        _ memory: RemoteMemory,
        _ pointer: ExecStrings.Pointer,
        region: RemoteMemory.Region
    ) throws(SystemError) {
        let start = output.bytes.count
        let skipped = Int(pointer.address - region.address)
        if skipped < region.readCount {
            let available = region.offset + skipped..<region.offset + region.readCount
            let length = Self.lengthOfString(in: scratch, available)
            append(scratch, available.lowerBound, count: length ?? available.count)
            if length == nil {
                try appendContinuation(
                    memory,
                    pointer,
                    from: region.address &+ UInt64(region.readCount),
                    start: start
                )
            }
        } else {
            output.isUnreadable = true
        }
        if output.bytes.count - start >= limits.string {
            output.bytes.removeLast(output.bytes.count - start - limits.string + 1)
            markTruncated(pointer.place)
        }
        let range = start..<output.bytes.count
        output.bytes.append(0)
        store(range, at: pointer.place)
    }

    private func store(_ range: Range<Int>, at place: ExecStrings.Place) {
        switch place {
        case .path: output.path = range
        case .argument(let index): output.argv[index] = range
        case .environment(let index): output.envp[index] = range
        }
    }

    /// Reads on, page by page, until the NUL, the kernel's limit, or memory that is not there.
    private func appendContinuation(
        _ memory: RemoteMemory,
        _ pointer: ExecStrings.Pointer,
        from address: UInt64,
        start: Int
    ) throws(SystemError) {
        var next = [RemoteMemory.Region(page: address)]
        // The batch in `scratch` is still needed: what is read here has a buffer of its own.
        var page: [UInt8] = []
        while output.bytes.count - start < limits.string {
            try memory.read(&next, into: &page)
            let count = next[0].readCount
            guard count > 0 else {
                output.isUnreadable = true
                return
            }
            let length = Self.lengthOfString(in: page, 0..<count)
            append(page, 0, count: length ?? count)
            if length != nil { return }
            next[0].address &+= UInt64(count)
        }
    }

    private static func lengthOfString(in buffer: [UInt8], _ range: Range<Int>) -> Int? {
        unsafe buffer.withUnsafeBytes { bytes in
            guard let base = bytes.baseAddress else { return nil }
            let start = unsafe base + range.lowerBound
            guard let nul = unsafe memchr(start, 0, range.count) else { return nil }
            return unsafe UnsafeRawPointer(nul) - start
        }
    }

    private func append(_ buffer: [UInt8], _ offset: Int, count: Int) {
        output.bytes.append(contentsOf: buffer[offset..<(offset + count)])
    }

    private func markTruncated(_ place: ExecStrings.Place) {
        switch place {
        case .path, .argument: output.isArgvTruncated = true
        case .environment: output.isEnvpTruncated = true
        }
    }
}
