// Generations on the disk: what is written is read back, and an interruption at any step leaves one
// whole generation.

import LinuxSystem
import Policy
import Synchronization
import Testing

@testable import Agent

struct `Generation store` {
    private let directory: TemporaryDirectory

    init() throws { directory = try TemporaryDirectory() }

    private var path: String { directory.path + "/state" }

    private func generation(_ number: UInt64, _ text: String = "x") -> StoredGeneration {
        StoredGeneration(
            number: number,
            content: GenerationContent(
                rules: [
                    .init(origin: .shipped, name: "a.yaml", bytes: bytes("shipped \(text)")),
                    .init(origin: .custom, name: "a.yaml", bytes: bytes("custom \(text)")),
                    .init(origin: .custom, name: "b.policy", bytes: []),
                ],
                protection: bytes("rules: {} # \(text)")
            ),
            approvals: BlockingApprovals(
                rules: ["r": .init(digest: "d\(text)", isShipped: number % 2 == 0)]
            ),
            origin: GenerationOrigin(time: "2026-01-01T00:00:00Z", by: "al (1)", cause: "deploy")
        )
    }

    private func deploy(_ generation: StoredGeneration, _ store: GenerationStore) throws {
        try store.write(generation)
        try store.activate(.init(generation: generation.number))
        try store.prune(active: generation.number)
    }

    @Test func `has nothing at first`() throws {
        let store = GenerationStore(directory: path)
        try store.prepare()
        #expect(try store.active() == nil)
        #expect(store.confirmations() == [:])
    }

    @Test func `reads back what it wrote`() throws {
        let store = GenerationStore(directory: path)
        try store.prepare()
        try deploy(generation(3), store)
        #expect(try store.active()?.generation == generation(3))
        #expect(try store.active()?.pointer == .init(generation: 3))
        try store.activate(.init(generation: 3, overruled: "abc"))
        #expect(try store.active()?.pointer.overruled == "abc")
        try store.keep(confirmations: ["r": "d"])
        #expect(GenerationStore(directory: path).confirmations() == ["r": "d"])
    }

    @Test(arguments: ["protection.yaml", "shipped/a.yaml", "custom/a.yaml", "manifest.json"])
    func `a generation with a damaged file is none, and the one before stands in`(
        name: String
    ) throws {
        let store = GenerationStore(directory: path)
        try store.prepare()
        try deploy(generation(1), store)
        try deploy(generation(2), store)
        #expect(!store.isStandIn(2))
        try directory.write("state/generations/2/\(name)", "")
        #expect(store.read(2) == nil)
        #expect(try store.active()?.generation == generation(1))
        #expect(store.isStandIn(1))
    }

    @Test func `a generation without protection settings has none`() throws {
        let store = GenerationStore(directory: path)
        try store.prepare()
        var content = generation(1).content
        content.protection = nil
        let bare = StoredGeneration(
            number: 1,
            content: content,
            approvals: BlockingApprovals(),
            origin: GenerationOrigin(time: "", by: "", cause: "start")
        )
        try deploy(bare, store)
        #expect(try store.active()?.generation == bare)
    }

    @Test func `is nobody else's to read`() throws {
        let store = GenerationStore(directory: path)
        try store.prepare()
        #expect(try FileIdentity(ofPath: path).mode & 0o777 == 0o700)
        try deploy(generation(1), store)
        let file = path + "/generations/1/protection.yaml"
        #expect(try FileIdentity(ofPath: file).mode & 0o777 == 0o600)
    }

    @Test func `keeps the newest generations and the active one`() throws {
        let store = GenerationStore(directory: path)
        try store.prepare()
        for number in 1...15 { try deploy(generation(UInt64(number)), store) }
        #expect(try store.numbers() == Array(6...15))
        try store.activate(.init(generation: 6))
        try store.write(generation(16))
        try store.prune(active: 6)
        #expect(try store.numbers() == [6] + Array(8...16))
    }

    @Test func `one whole generation is found whatever step a deployment ends at`() throws {
        // Counts the steps of one deployment that also removes an old generation.
        let steps = Mutex(0)
        let counting = GenerationStore(directory: path) { _ in steps.withLock { $0 += 1 } }
        try counting.prepare()
        for number in 1...10 { try deploy(generation(UInt64(number), "old"), counting) }
        steps.withLock { $0 = 0 }
        try deploy(generation(11, "new"), counting)
        let count = steps.withLock { $0 }
        try #require(count > 15)

        var outcomes: Set<UInt64> = []
        for step in 1...count {
            let child = try Interrupted.deploy(
                in: directory.path + "/\(step)",
                from: (1...10).map { generation($0, "old") },
                to: generation(11, "new"),
                endingAt: step
            )
            let store = GenerationStore(directory: child)
            try store.prepare()
            let active = try #require(try store.active(), "step \(step)")
            let number = active.generation.number
            let whole = generation(number, number == 11 ? "new" : "old")
            #expect(active.generation == whole, "step \(step)")
            outcomes.insert(number)
            // And the next deployment works.
            try deploy(generation(12, "next"), store)
            #expect(try store.active()?.generation == generation(12, "next"), "step \(step)")
            let left = try ConfigurationFile.names(in: child + "/generations")
            #expect(left.allSatisfy { !$0.hasPrefix(".") }, "step \(step): \(left)")
        }
        #expect(outcomes == [10, 11])
    }

    @Test(arguments: ["", "{}", "{\"generation\":99}", "{\"generation\":\"2\"}", "\u{0}"])
    func `a damaged pointer means the newest whole generation`(content: String) throws {
        let store = GenerationStore(directory: path)
        try store.prepare()
        try deploy(generation(1), store)
        try deploy(generation(2), store)
        try directory.write("state/current", content)
        #expect(try store.active()?.generation == generation(2))
    }

    @Test func `a generation that has lost a file is none`() throws {
        let store = GenerationStore(directory: path)
        try store.prepare()
        try deploy(generation(1), store)
        try deploy(generation(2), store)
        try DurableFile.remove(path + "/generations/2/custom/b.policy")
        #expect(store.read(2) == nil)
        #expect(try store.active()?.generation == generation(1))
    }
}

/// A deployment that ends in the middle, in a thread that waits there for ever.
private enum Interrupted {
    /// The state directory it leaves behind.
    static func deploy(
        in directory: String,
        from old: [StoredGeneration],
        to new: StoredGeneration,
        endingAt last: Int
    ) throws -> String {
        let plain = GenerationStore(directory: directory)
        try plain.prepare()
        for generation in old {
            try plain.write(generation)
            try plain.activate(.init(generation: generation.number))
        }
        try plain.prune(active: old.last?.number ?? 0)
        let passed = Mutex(0)
        let reached = try EventDescriptor()
        try NativeThread.start("interrupted") {
            let store = GenerationStore(directory: directory) { _ in
                let step = passed.withLock { count in
                    count += 1
                    return count
                }
                guard step == last else { return }
                reached.signal()
                while true { Host.sleep(milliseconds: 1000) }
            }
            try? store.write(new)
            try? store.activate(.init(generation: new.number))
            try? store.prune(active: new.number)
        }
        try #require(try reached.wait(timeout: .seconds(20)))
        return directory
    }
}
