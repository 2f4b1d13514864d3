// The process tree, fed by hand; and once by the real /proc and the real connector.

import Agent
import Glibc
import LinuxSystem
import Testing

/// A tree with process 1 in it and events that count time up.
private struct Script {
    let tree: ProcessTree
    var time: UInt64 = 1_000_000_000

    init(capacity: Int = 65_536) {
        tree = ProcessTree(capacity: capacity)
        tree.synchronize(
            with: [
                ProcessSnapshot(
                    node: ProcessNode(pid: 1, startNanoseconds: 0, name: TaskName("init".utf8)),
                    parent: 0
                )
            ],
            begunAt: .max
        )
    }

    mutating func apply(_ kind: ProcEvent.Kind) {
        time += 1_000_000_000
        tree.apply(ProcEvent(kind, timestampNanoseconds: time))
    }

    mutating func fork(_ parent: Int32, _ child: Int32) {
        apply(.fork(parent: leader(parent), child: leader(child)))
    }

    mutating func exit(_ pid: Int32) {
        apply(.exit(leader(pid), code: 0, signal: 17, parent: leader(1)))
    }

    func ancestors(_ pid: Int32) -> [Int32]? { tree.lineage(of: pid)?.ancestors.map(\.pid) }
}

private func leader(_ pid: Int32) -> TaskID { TaskID(thread: pid, process: pid) }

struct `Process tree` {
    @Test func `lists ancestors from the parent to process 1`() {
        var script = Script()
        script.fork(1, 10)
        script.fork(10, 11)
        script.fork(11, 12)
        #expect(script.ancestors(12) == [11, 10, 1])
        #expect(script.tree.lineage(of: 12)?.isComplete == true)
        #expect(script.ancestors(99) == nil)
    }

    @Test func `keeps the line of a process whose parent ended`() {
        var script = Script()
        script.fork(1, 10)
        script.fork(10, 11)
        script.exit(10)
        #expect(script.ancestors(11) == [10, 1])
        #expect(script.tree.lineage(of: 11)?.ancestors.first?.hasExited == true)
        #expect(script.tree.process(10) == nil)
        #expect(script.tree.statistics == .init(living: 2, remembered: 1, evicted: 0))
    }

    @Test func `forgets the ended when their last descendant ends`() {
        var script = Script()
        script.fork(1, 10)
        script.fork(10, 11)
        script.fork(11, 12)
        script.exit(10)
        script.exit(11)
        #expect(script.tree.statistics.remembered == 2)
        script.exit(12)
        #expect(script.tree.statistics == .init(living: 1, remembered: 0, evicted: 0))
    }

    @Test func `tells a reused number from its former owner`() {
        var script = Script()
        script.fork(1, 10)
        script.apply(.name(leader(10), TaskName("old".utf8)))
        script.fork(10, 11)
        script.exit(10)
        script.fork(11, 10)
        #expect(script.ancestors(10) == [11, 10, 1])
        #expect(script.tree.lineage(of: 10)?.ancestors[1].name == TaskName("old".utf8))
        #expect(script.tree.process(10)?.hasExited == false)
    }

    @Test func `replaces a process whose end was not heard of`() {
        var script = Script()
        script.fork(1, 10)
        script.fork(1, 20)
        script.fork(20, 10)
        #expect(script.ancestors(10) == [20, 1])
        #expect(script.tree.statistics.living == 3)
    }

    @Test func `ignores an end that was heard of after the number was reused`() {
        var script = Script()
        script.fork(1, 10)
        let late = ProcEvent(
            .exit(leader(10), code: 0, signal: 17, parent: leader(1)),
            timestampNanoseconds: 5
        )
        script.tree.apply(late)
        #expect(script.tree.process(10) != nil)
    }

    @Test func `shares the image at fork and drops it at exec`() throws {
        var script = Script()
        script.fork(1, 10)
        let image = ProcessImage(path: Array("/bin/sh".utf8), arguments: Array("sh\0".utf8))
        #expect(script.tree.setImage(image, of: 10))
        script.fork(10, 11)
        #expect(script.tree.process(11)?.image === image)
        #expect(script.tree.process(11)?.execNanoseconds == nil)
        script.apply(.exec(leader(11)))
        #expect(script.tree.process(11)?.image == nil)
        #expect(script.tree.process(11)?.execNanoseconds == script.time)
        #expect(script.tree.process(10)?.image === image)
        #expect(!script.tree.setImage(image, of: 404))
    }

    @Test func `follows names and users of the process`() {
        var script = Script()
        script.fork(1, 10)
        script.apply(.fork(parent: leader(10), child: TaskID(thread: 15, process: 10)))
        script.apply(.name(leader(10), TaskName("main".utf8)))
        script.apply(.name(TaskID(thread: 15, process: 10), TaskName("worker".utf8)))
        script.apply(.user(leader(10), real: 1000, effective: 0))
        let node = script.tree.process(10)
        #expect(node?.name == TaskName("main".utf8))
        #expect(node?.realUser == 1000)
        #expect(node?.effectiveUser == 0)
    }

    @Test func `maps threads to their process`() {
        var script = Script()
        script.fork(1, 10)
        let worker = TaskID(thread: 15, process: 10)
        script.apply(.fork(parent: leader(10), child: worker))
        #expect(script.tree.process(ofThread: 15) == 10)
        #expect(script.tree.process(ofThread: 10) == 10)
        script.apply(.fork(parent: worker, child: leader(20)))
        #expect(script.ancestors(20) == [10, 1])
        script.apply(.exit(worker, code: 0, signal: 0, parent: leader(1)))
        #expect(script.tree.process(ofThread: 15) == nil)
        #expect(script.tree.process(10) != nil)
    }

    @Test func `keeps a process whose first thread ended before the others`() {
        var script = Script()
        script.fork(1, 10)
        let worker = TaskID(thread: 15, process: 10)
        script.apply(.fork(parent: leader(10), child: worker))
        script.exit(10)
        #expect(script.tree.process(10) != nil)
        script.apply(.exit(worker, code: 0, signal: 17, parent: leader(1)))
        #expect(script.tree.process(10) == nil)
    }

    @Test func `is left with one thread after an exec from another thread`() {
        var script = Script()
        script.fork(1, 10)
        script.apply(.fork(parent: leader(10), child: TaskID(thread: 15, process: 10)))
        script.exit(10)
        script.apply(.exec(leader(10)))
        #expect(script.tree.process(ofThread: 15) == nil)
        script.exit(10)
        #expect(script.tree.process(10) == nil)
    }

    @Test func `takes the true parent from a fork that was heard of after the listing`() {
        let tree = ProcessTree()
        func node(_ pid: Int32, _ start: UInt64) -> ProcessNode {
            ProcessNode(pid: pid, startNanoseconds: start, name: TaskName([]))
        }
        // 30's parent had ended, so /proc shows the reaper.
        tree.synchronize(
            with: [
                ProcessSnapshot(node: node(1, 0), parent: 0),
                ProcessSnapshot(node: node(20, 1_000), parent: 1),
                ProcessSnapshot(node: node(30, 5_000_000_000), parent: 1),
            ],
            begunAt: .max
        )
        tree.apply(
            ProcEvent(
                .fork(parent: leader(20), child: leader(30)),
                timestampNanoseconds: 5_005_000_000
            )
        )
        #expect(tree.lineage(of: 30)?.ancestors.map(\.pid) == [20, 1])
        #expect(tree.statistics.living == 3)
    }

    @Test func `ends what a listing does not show and keeps lines that are known better`() {
        var script = Script()
        script.fork(1, 10)
        script.fork(10, 11)
        script.fork(10, 12)
        let start = script.tree.process(11)?.startNanoseconds ?? 0
        script.tree.synchronize(
            with: [
                ProcessSnapshot(
                    node: ProcessNode(pid: 1, startNanoseconds: 0, name: TaskName([])),
                    parent: 0
                ),
                ProcessSnapshot(
                    node: ProcessNode(pid: 11, startNanoseconds: start - 9, name: TaskName([])),
                    parent: 1,
                    threads: [11, 17]
                ),
            ],
            begunAt: .max
        )
        #expect(script.tree.process(12) == nil)
        #expect(script.ancestors(11) == [10, 1])
        #expect(script.tree.process(ofThread: 17) == 11)
        #expect(script.tree.statistics == .init(living: 2, remembered: 1, evicted: 0))
    }

    /// The regression: what was forked while a sweep listed all processes was taken for ended, and with
    /// it the program it ran and the line of its children were lost.
    @Test func `keeps what was forked after the listing was begun`() {
        var script = Script()
        script.fork(1, 10)
        let begin = script.time + 1
        script.fork(1, 20)
        script.fork(20, 21)
        let listing = [
            ProcessSnapshot(
                node: ProcessNode(pid: 1, startNanoseconds: 0, name: TaskName([])),
                parent: 0
            )
        ]
        script.tree.synchronize(with: listing, begunAt: begin)
        #expect(script.tree.process(10) == nil)
        #expect(script.ancestors(21) == [20, 1])
        // The next one does not show them any more.
        script.tree.synchronize(with: listing, begunAt: script.time + 1)
        #expect(script.tree.process(20) == nil && script.tree.process(21) == nil)
    }

    @Test func `accepts a listing that describes a circle`() {
        let tree = ProcessTree()
        let nodes = [Int32(5), 6].map {
            ProcessNode(pid: $0, startNanoseconds: 0, name: TaskName([]))
        }
        tree.synchronize(
            with: [
                ProcessSnapshot(node: nodes[0], parent: 6),
                ProcessSnapshot(node: nodes[1], parent: 5),
            ],
            begunAt: .max
        )
        let lengths = [Int32(5), 6].compactMap { tree.lineage(of: $0)?.ancestors.count }
        #expect(lengths.sorted() == [0, 1])
    }

    @Test func `stays within its capacity when a chain of dead parents grows`() {
        var script = Script(capacity: 32)
        for pid in Int32(2)...1000 {
            script.fork(pid - 1, pid)
            if pid > 2 { script.exit(pid - 1) }
        }
        let statistics = script.tree.statistics
        #expect(statistics.living == 2)
        #expect(statistics.living + statistics.remembered <= 32)
        #expect(statistics.evicted > 900)
        #expect(script.ancestors(1000)?.first == 999)
        #expect(script.ancestors(1000)?.last == 1)
        #expect(script.tree.lineage(of: 1000, limit: 3)?.ancestors.count == 3)
        #expect(script.tree.lineage(of: 1000, limit: 3)?.isComplete == false)
    }

    @Test func `counts the living it has no room for`() {
        var script = Script(capacity: 16)
        for pid in Int32(10)..<40 { script.fork(1, pid) }
        #expect(script.tree.statistics == .init(living: 16, remembered: 0, evicted: 15))
        script.exit(10)
        script.fork(1, 50)
        #expect(script.ancestors(50) == [1])
    }

    @Test(arguments: [UInt64(1), 2, 3, 4, 5])
    func `agrees with a plain model after random events`(seed: UInt64) {
        var random = SplitMix(state: seed)
        var script = Script()
        // The model: every process ever, by its order; who started it, whether it lives.
        var number: [Int32] = [1]
        var parent: [Int?] = [nil]
        var living: [Int32: Int] = [1: 0]
        for _ in 0..<5000 {
            let pids = living.keys.sorted()
            let chosen = pids[Int(random.next() % UInt64(pids.count))]
            if random.next() % 2 == 0 || chosen == 1 {
                let child = Int32(random.next() % 60) + 2
                guard living[child] == nil, let origin = living[chosen] else { continue }
                script.fork(chosen, child)
                living[child] = number.count
                number.append(child)
                parent.append(origin)
            } else {
                script.exit(chosen)
                living[chosen] = nil
            }
        }
        var needed: Set<Int> = []
        for (pid, index) in living {
            var line: [Int32] = []
            var next = parent[index]
            needed.insert(index)
            while let ancestor = next {
                line.append(number[ancestor])
                needed.insert(ancestor)
                next = parent[ancestor]
            }
            #expect(script.tree.lineage(of: pid, limit: .max)?.ancestors.map(\.pid) == line)
        }
        let statistics = script.tree.statistics
        #expect(statistics.living == living.count)
        #expect(statistics.remembered == needed.count - living.count)
    }

    @Test func `holds this process after reading the real listing`() throws {
        var procfs = try Procfs()
        let tree = ProcessTree()
        tree.synchronize(with: try ProcessSnapshot.all(reading: &procfs), begunAt: .max)
        let own = try #require(try procfs.stat(of: getpid()))
        #expect(tree.process(own.pid)?.image != nil)
        #expect(tree.lineage(of: own.pid)?.ancestors.first?.pid == own.parent)
    }
}

/// A small reproducible generator.
private struct SplitMix {
    var state: UInt64

    mutating func next() -> UInt64 {
        state &+= 0x9E37_79B9_7F4A_7C15
        var mixed = (state ^ (state >> 30)) &* 0xBF58_476D_1CE4_E5B9
        mixed = (mixed ^ (mixed >> 27)) &* 0x94D0_49BB_1331_11EB
        return mixed ^ (mixed >> 31)
    }
}

struct `Process image` {
    private func image(_ path: String, _ arguments: String, inode: UInt64? = nil) -> ProcessImage {
        ProcessImage(
            path: Array(path.utf8),
            arguments: Array(arguments.utf8),
            device: inode == nil ? nil : FileIdentity.Device(major: 8, minor: 1),
            inode: inode
        )
    }

    @Test func `is that of another exec if the file or the arguments are others`() {
        let known = image("/bin/x", "x\0-a\0", inode: 5)
        #expect(known.isSameProgram(as: image("/bin/x (deleted)", "x\0-a\0", inode: 5)))
        #expect(!known.isSameProgram(as: image("/bin/x", "x\0-a\0", inode: 6)))
        #expect(!known.isSameProgram(as: image("/bin/x", "x\0-b\0", inode: 5)))
        #expect(known.isSameProgram(as: image("/bin/x", "x\0-a\0")))
        #expect(!known.isSameProgram(as: image("/bin/y", "x\0-a\0")))
    }

    @Test func `counts arguments only as far as they are remembered`() {
        let long = String(repeating: "a", count: ProcessImage.rememberedArguments)
        #expect(image("/x", long + "b").isSameProgram(as: image("/x", long)))
    }
}
