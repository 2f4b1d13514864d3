import Glibc
import LinuxSystem
import Testing

/// Strings may lie anywhere: in rising order, in a few runs, or all over the place.
struct ExecStringLayoutTests {
    private static let spacing = 1000

    /// Reads strings of which the one at position i lies in the place `places[i]` of a buffer.
    private func read(_ places: [Int]) throws -> (expected: [[UInt8]], read: [[UInt8]]) {
        let size = places.count * Self.spacing + 8192
        let memory = UnsafeMutableRawPointer.allocate(byteCount: size, alignment: 4096)
        defer { memory.deallocate() }
        memory.initializeMemory(as: UInt8.self, repeating: UInt8(ascii: "#"), count: size)
        let strings = places.indices.map { (index: Int) -> [UInt8] in
            // Some reach far into the next page.
            let length = index % 7 == 3 ? Self.spacing - 12 : index % 40
            return Array("\(index):".utf8) + [UInt8](repeating: UInt8(ascii: "a"), count: length)
                + [0]
        }
        for (string, place) in zip(strings, places) {
            (memory + place * Self.spacing).copyMemory(from: string, byteCount: string.count)
        }
        let address = { (place: Int) in UInt64(UInt(bitPattern: memory + place * Self.spacing)) }
        var pointers = places.map(address) + [0]
        let text = pointers.withUnsafeMutableBufferPointer { array in
            let argv = String(UInt(bitPattern: array.baseAddress), radix: 16)
            return
                "59 0x\(String(address(places[0]), radix: 16)) 0x\(argv) 0x0 0x0 0x0 0x0 0x1 0x1\n"
        }
        let parsed = HeldSyscall.parse(Array(text.utf8).span, machine: .x86_64)
        let call = try #require(parsed)
        defer { withExtendedLifetime(pointers) {} }
        let result = try ExecStringReader().read(task: getpid(), call: call, environment: false)
        #expect(!result.isUnreadable)
        return (strings.map { Array($0.dropLast()) }, result.argv.map { Array(result.bytes[$0]) })
    }

    @Test(arguments: [1, 2, 5, 17, 18, 300, 2000])
    func `are read whole in any order`(count: Int) throws {
        let rising = Array(0..<count)
        for places in [rising, rising.reversed(), rising.shuffled(), Self.runs(count)] {
            let result = try read(places)
            #expect(result.read == result.expected)
        }
    }

    /// A few rising runs that interleave, so that several of them touch each page.
    private static func runs(_ count: Int) -> [Int] {
        (0..<5).flatMap { first in Array(stride(from: first, to: count, by: 5)) }
    }
}
