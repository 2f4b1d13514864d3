import Glibc
import LinuxSystem
import Testing

/// Whether strings that were read are still there as they were.
struct ExecStringRecheckTests {
    /// A call's memory: its path, argv and envp, each string where it was put.
    private final class Memory {
        private let base = UnsafeMutableRawPointer.allocate(byteCount: 1 << 20, alignment: 4096)
        private var used = 4096 - 100
        /// Bytes between two strings.
        private let gap: Int
        private(set) var path = UInt64(0)
        private(set) var argv = UInt64(0)
        private(set) var envp = UInt64(0)

        init(path: String, argv: [String], envp: [String], gap: Int = 0) {
            self.gap = gap
            base.initializeMemory(as: UInt8.self, repeating: 0x23, count: 1 << 20)
            self.path = put(path)
            self.argv = put(argv)
            used += 5000
            self.envp = put(envp)
        }

        deinit { base.deallocate() }

        private func put(_ string: String) -> UInt64 {
            let bytes = Array(string.utf8) + [0]
            let place = base + used
            place.copyMemory(from: bytes, byteCount: bytes.count)
            used += bytes.count + gap
            return UInt64(UInt(bitPattern: place))
        }

        private func put(_ strings: [String]) -> UInt64 {
            let pointers = strings.map(put) + [0]
            used = (used + 7) & ~7
            let place = base + used
            place.copyMemory(from: pointers, byteCount: pointers.count * 8)
            used += pointers.count * 8
            return UInt64(UInt(bitPattern: place))
        }

        /// Writes into a string or an array, as another thread of the task could.
        func poke<Value: BitwiseCopyable>(_ address: UInt64, _ value: Value) {
            UnsafeMutableRawPointer(bitPattern: UInt(address))?
                .storeBytes(of: value, as: Value.self)
        }

        func pointer(_ array: UInt64, _ index: Int) -> UInt64 {
            UnsafeRawPointer(bitPattern: UInt(array) + UInt(index) * 8)?
                .load(as: UInt64.self) ?? 0
        }

        func call() throws -> HeldSyscall {
            let words = [path, argv, envp].map { "0x" + String($0, radix: 16) }
            let text = "59 \(words.joined(separator: " ")) 0x0 0x0 0x0 0x1 0x1\n"
            let parsed = HeldSyscall.parse(Array(text.utf8).span, machine: .x86_64)
            return try #require(parsed)
        }
    }

    private static func makeMemory() -> Memory {
        Memory(
            path: "/tmp/xmrig",
            argv: ["xmrig", "", "-o", "pool.example.org:3333"],
            envp: ["HOME=/root", "A=" + String(repeating: "b", count: 9000)]
        )
    }

    private let reader = ExecStringReader()

    /// Reads the strings, lets `change` have its way, and looks again.
    private func isUnchanged(
        environment: Bool = true,
        after change: (Memory) throws -> Void
    ) throws -> Bool {
        let memory = Self.makeMemory()
        let call = try memory.call()
        let strings = try reader.read(task: getpid(), call: call, environment: environment)
        let isReadable = !strings.isUnreadable
        #expect(isReadable)
        try change(memory)
        return ExecStringReader().isUnchanged(
            strings,
            task: getpid(),
            call: call,
            environment: environment
        )
    }

    @Test(arguments: [true, false])
    func `the same strings are unchanged`(environment: Bool) throws {
        #expect(try isUnchanged(environment: environment) { _ in })
    }

    @Test func `without arguments and environment, too`() throws {
        let none = Memory(path: "/x", argv: [], envp: [])
        let call = try none.call()
        let strings = try reader.read(task: getpid(), call: call, environment: true)
        #expect(reader.isUnchanged(strings, task: getpid(), call: call, environment: true))
    }

    @Test func `a changed byte is seen wherever it is`() throws {
        #expect(try !isUnchanged { $0.poke($0.path + 5, UInt8(ascii: "a")) })
        #expect(try !isUnchanged { $0.poke($0.pointer($0.argv, 3), UInt8(ascii: "a")) })
        #expect(try !isUnchanged { $0.poke($0.pointer($0.envp, 1) + 8000, UInt8(ascii: "a")) })
    }

    @Test func `a hundred variables here and there are looked at, the last one too`() throws {
        let memory = Memory(
            path: "/bin/true",
            argv: ["true"],
            envp: (0..<100).map { "VARIABLE_\($0)=" + String(repeating: "v", count: 40) },
            gap: 300
        )
        let call = try memory.call()
        let strings = try reader.read(task: getpid(), call: call, environment: true)
        func isUnchanged() -> Bool {
            reader.isUnchanged(strings, task: getpid(), call: call, environment: true)
        }
        #expect(isUnchanged())
        let last = memory.pointer(memory.envp, 99)
        memory.poke(last + 20, UInt8(ascii: "w"))
        #expect(!isUnchanged())
        memory.poke(last + 20, UInt8(ascii: "v"))
        #expect(isUnchanged())
    }

    @Test func `hundreds of pages for hundreds of bytes are not fetched`() throws {
        let memory = Memory(
            path: "/bin/true",
            argv: Array(repeating: "", count: 200),
            envp: [],
            gap: 4095
        )
        let call = try memory.call()
        let strings = try reader.read(task: getpid(), call: call, environment: true)
        let isReadable = !strings.isUnreadable && strings.argv.count == 200
        #expect(isReadable)
        #expect(!reader.isUnchanged(strings, task: getpid(), call: call, environment: true))
    }

    @Test func `the environment counts only if it was asked for`() throws {
        let change = { (memory: Memory) in
            memory.poke(memory.pointer(memory.envp, 0), UInt8(ascii: "a"))
        }
        #expect(try isUnchanged(environment: false, after: change))
    }

    @Test func `a string that goes on, or ends earlier, is changed`() throws {
        #expect(try !isUnchanged { $0.poke($0.pointer($0.argv, 0) + 5, UInt8(ascii: "a")) })
        #expect(try !isUnchanged { $0.poke($0.pointer($0.argv, 3) + 4, UInt8(0)) })
    }

    @Test func `another pointer is a change, also to the same text`() throws {
        #expect(try !isUnchanged { $0.poke($0.argv + 16, $0.pointer($0.argv, 0)) })
    }

    @Test func `an array that goes on, or ends earlier, is changed`() throws {
        #expect(try !isUnchanged { $0.poke($0.argv + 32, $0.pointer($0.argv, 0)) })
        #expect(try !isUnchanged { $0.poke($0.argv + 24, UInt64(0)) })
        #expect(try !isUnchanged { $0.poke($0.envp + 16, $0.pointer($0.argv, 0)) })
    }

    @Test func `strings that were cut are not known to be the same`() throws {
        var limits = ExecLimits()
        limits.string = 4096
        let memory = Self.makeMemory()
        let call = try memory.call()
        let strings = try ExecStringReader(limits: limits)
            .read(task: getpid(), call: call, environment: true)
        let isCut = strings.isArgvTruncated || strings.isEnvpTruncated
        #expect(isCut)
        #expect(!reader.isUnchanged(strings, task: getpid(), call: call, environment: true))
    }

    @Test func `memory that is gone is changed`() throws {
        let memory = Self.makeMemory()
        let call = try memory.call()
        let strings = try reader.read(task: getpid(), call: call, environment: true)
        #expect(!reader.isUnchanged(strings, task: 0x3fff_fffe, call: call, environment: true))
    }
}
