import Glibc
import LinuxSystem
import Testing

/// Reads strings laid out in this process as a held task would have them.
struct ExecStringReaderTests {
    /// Strings and pointer arrays in memory of their own, freed with the value.
    private final class Layout {
        private var allocations: [UnsafeMutableRawPointer] = []
        private(set) var argv: UInt64 = 0
        private(set) var envp: UInt64 = 0
        private(set) var path: UInt64 = 0
        let pointerSize = 8

        init(path: [UInt8], argv: [[UInt8]], envp: [[UInt8]], scattered: Bool = false) {
            self.path = place(path)
            self.argv = array(argv, scattered)
            self.envp = array(envp, scattered)
        }

        deinit { for allocation in allocations { allocation.deallocate() } }

        private func place(_ string: [UInt8]) -> UInt64 {
            let memory = UnsafeMutableRawPointer.allocate(
                byteCount: string.count + 1,
                alignment: 1
            )
            allocations.append(memory)
            memory.copyMemory(from: string, byteCount: string.count)
            memory.storeBytes(of: 0, toByteOffset: string.count, as: UInt8.self)
            return UInt64(UInt(bitPattern: memory))
        }

        private func array(_ strings: [[UInt8]], _ scattered: Bool) -> UInt64 {
            var pointers = strings.map { place($0) }
            // Descending addresses: the reader must not rely on the order of memory.
            if scattered { _ = strings.reversed().map { place($0) } }
            pointers.append(0)
            let memory = UnsafeMutableRawPointer.allocate(
                byteCount: pointers.count * 8,
                alignment: 8
            )
            allocations.append(memory)
            memory.copyMemory(from: pointers, byteCount: pointers.count * 8)
            return UInt64(UInt(bitPattern: memory))
        }

        func call() throws -> HeldSyscall {
            let text = "59 0x\(hex(path)) 0x\(hex(argv)) 0x\(hex(envp)) 0x0 0x0 0x0 0x1 0x1\n"
            return try ExecStringReaderTests.parse(text.utf8)
        }

        private func hex(_ value: UInt64) -> String { String(value, radix: 16) }
    }

    private func read(
        _ layout: Layout,
        limits: ExecLimits = ExecLimits(),
        environment: Bool = true
    ) throws -> ExecStrings {
        try ExecStringReader(limits: limits).read(
            task: getpid(),
            call: try layout.call(),
            environment: environment
        )
    }

    private func strings(_ read: ExecStrings, _ bounds: [Range<Int>]) -> [[UInt8]] {
        bounds.map { Array(read.bytes[$0]) }
    }

    fileprivate static func parse(_ text: String.UTF8View) throws -> HeldSyscall {
        let call = HeldSyscall.parse(Array(text).span, machine: .x86_64)
        return try #require(call)
    }

    private func bytes(_ text: String) -> [UInt8] { Array(text.utf8) }

    @Test func `reads path, arguments and environment in order`() throws {
        let argv = ["xmrig", "-o", "stratum+tcp://pool:3333", "", "-u"].map(bytes)
        let envp = ["A=1", "EMPTY=", "NOVALUE"].map(bytes)
        let result = try read(Layout(path: bytes("/tmp/xmrig"), argv: argv, envp: envp))
        #expect(Array(result.bytes[result.path]) == bytes("/tmp/xmrig"))
        #expect(strings(result, result.argv) == argv)
        #expect(strings(result, result.envp) == envp)
        #expect(!result.isUnreadable && !result.isArgvTruncated && !result.isEnvpTruncated)
    }

    @Test func `leaves the environment alone if nobody asks`() throws {
        let result = try read(
            Layout(path: bytes("a"), argv: [bytes("a")], envp: [bytes("A=1")]),
            environment: false
        )
        #expect(result.envp.isEmpty)
    }

    @Test func `keeps bytes that are no text`() throws {
        let argv: [[UInt8]] = [[0xff, 0xfe], [0x80], [0xc3, 0x28], [0x01, 0x7f]]
        let result = try read(Layout(path: [0xff], argv: argv, envp: []))
        #expect(strings(result, result.argv) == argv)
    }

    @Test(arguments: [1, 2, 3, 100, 511, 512, 513, 1025, 5000])
    func `reads arrays of any length across pages`(count: Int) throws {
        let argv = (0..<count).map { bytes("argument-\($0)") }
        let result = try read(Layout(path: bytes("p"), argv: argv, envp: argv))
        #expect(strings(result, result.argv) == argv)
        #expect(strings(result, result.envp) == argv)
    }

    @Test(arguments: [4094, 4095, 4096, 4097, 20_000, 131_071])
    func `reads strings across pages up to the kernel's limit`(length: Int) throws {
        let long = [UInt8](repeating: 0x61, count: length)
        let result = try read(Layout(path: bytes("p"), argv: [bytes("a"), long], envp: []))
        #expect(strings(result, result.argv) == [bytes("a"), long])
        #expect(!result.isArgvTruncated)
    }

    @Test func `marks a string beyond the kernel's limit as cut`() throws {
        let long = [UInt8](repeating: 0x61, count: 131_072)
        let result = try read(
            Layout(path: bytes("p"), argv: [bytes("a"), long, bytes("z")], envp: [])
        )
        #expect(result.isArgvTruncated)
        #expect(result.argv[1].count == 131_071)
        #expect(Array(result.bytes[result.argv[2]]) == bytes("z"))
    }

    @Test func `marks what is beyond the limit of all strings as cut`() throws {
        var limits = ExecLimits()
        limits.total = 10_000
        let argv = (0..<200).map { _ in [UInt8](repeating: 0x62, count: 100) }
        let result = try read(Layout(path: bytes("p"), argv: argv, envp: []), limits: limits)
        #expect(result.isArgvTruncated)
        #expect(result.bytes.count < 12_000)
    }

    @Test func `marks memory that is not there as unreadable`() throws {
        let layout = Layout(path: bytes("p"), argv: [bytes("a")], envp: [])
        let text = "59 0x\(String(layout.path, radix: 16)) 0x1000 0x0 0x0 0x0 0x0 0x1 0x1\n"
        let call = try Self.parse(text.utf8)
        let result = try ExecStringReader().read(task: getpid(), call: call, environment: true)
        #expect(result.isUnreadable)
        #expect(Array(result.bytes[result.path]) == bytes("p"))
    }

    @Test(
        arguments: [
            UInt64.max, UInt64.max - 7, 1 << 56, 0xffff_ffff_ffff_f000, 0x7fff_ffff_f000,
        ] as [UInt64]
    )
    func `survives pointers to anywhere`(address: UInt64) throws {
        let array = UnsafeMutableRawPointer.allocate(byteCount: 24, alignment: 8)
        defer { array.deallocate() }
        array.storeBytes(of: address, as: UInt64.self)
        array.storeBytes(of: address &+ 1, toByteOffset: 8, as: UInt64.self)
        array.storeBytes(of: 0, toByteOffset: 16, as: UInt64.self)
        let hex = String(UInt(bitPattern: array), radix: 16)
        for text in [
            "59 0x\(String(address, radix: 16)) 0x\(hex) 0x\(hex) 0x0 0x0 0x0 0x1 0x1\n",
            "59 0x0 0x\(String(address, radix: 16)) 0x0 0x0 0x0 0x0 0x1 0x1\n",
        ] {
            let call = try Self.parse(text.utf8)
            let result = try ExecStringReader().read(
                task: getpid(),
                call: call,
                environment: true
            )
            #expect(result.isUnreadable || address == 0x7fff_ffff_f000)
        }
    }

    @Test func `an exec without arguments is readable`() throws {
        let call = try Self.parse("59 0x0 0x0 0x0 0x0 0x0 0x0 0x1 0x1\n".utf8)
        let result = try ExecStringReader().read(task: getpid(), call: call, environment: true)
        #expect(!result.isUnreadable)
        #expect(result.argv.isEmpty)
    }

    @Test func `uses its buffers again`() throws {
        let reader = ExecStringReader()
        let layout = Layout(path: bytes("p"), argv: ["a", "b"].map(bytes), envp: [])
        for _ in 0..<3 {
            let result = try reader.read(task: getpid(), call: try layout.call(), environment: true)
            #expect(strings(result, result.argv) == ["a", "b"].map(bytes))
            reader.recycle(result)
        }
    }

    @Test func `says that a task is gone`() throws {
        let layout = Layout(path: bytes("p"), argv: [], envp: [])
        #expect(throws: SystemError.self) {
            try ExecStringReader().read(
                task: 0x3fff_fffe,
                call: try layout.call(),
                environment: true
            )
        }
    }
}
