// The inside of ProcessTree: slots that refer to each other by index, because a number of a process
// may be reused while the former owner is still somebody's ancestor. Not safe for threads by itself.

import LinuxSystem

/// All nodes and where to find them.
struct ProcessTreeStorage: ~Copyable {
    private struct Slot {
        var node: ProcessNode
        var parent: Int?
        /// Whether `parent` comes from the fork itself, not from /proc.
        var isParentFixed: Bool
        /// How many slots have this one as their parent.
        var children = 0
        /// How many entries of `threads` are of this process.
        var threads = 0
        /// Counts the ends of processes: the oldest are evicted first.
        var exitOrder: UInt64 = 0
    }

    private var slots: [Slot?] = []
    private var free: [Int] = []
    /// The slots of the living, by number.
    private var living: [Int32: Int] = [:]
    /// The processes of all living threads, first threads too.
    private var threads: [Int32: Int32] = [:]
    private var remembered = 0
    private var evicted: UInt64 = 0
    private var exits: UInt64 = 0
    private let capacity: Int
    /// Threads beyond this many for each process of the capacity are not tracked.
    private static let threadsPerProcess = 16
    /// /proc tells start times in ticks of 10 ms; forks closer together than this are the same.
    private static let startToleranceNanoseconds: UInt64 = 50_000_000

    init(capacity: Int) { self.capacity = capacity }

    var statistics: ProcessTree.Statistics {
        ProcessTree.Statistics(living: living.count, remembered: remembered, evicted: evicted)
    }

    // MARK: - Asking

    func living(_ pid: Int32) -> ProcessNode? { living[pid].flatMap { slots[$0]?.node } }

    func process(ofThread thread: Int32) -> Int32? { threads[thread] }

    func lineage(of pid: Int32, limit: Int) -> Lineage? {
        guard let start = living[pid] else { return nil }
        var ancestors: [ProcessNode] = []
        var last = pid
        var next = slots[start]?.parent
        while ancestors.count < limit, let index = next, let slot = slots[index] {
            ancestors.append(slot.node)
            last = slot.node.pid
            next = slot.parent
        }
        // Process 1 starts user space, process 2 the kernel's threads.
        return Lineage(ancestors: ancestors, isComplete: next == nil && (last == 1 || last == 2))
    }

    // MARK: - Events

    mutating func fork(parent: TaskID, child: TaskID, time: UInt64) {
        guard child.isLeader else { return addThread(child) }
        let pid = child.process
        let parentIndex = living[parent.process]
        if let index = living[pid], let known = slots[index]?.node {
            if time < known.startNanoseconds &+ Self.startToleranceNanoseconds {
                // Listed before its fork was heard of; only the fork knows the true parent.
                fixParent(of: index, to: parentIndex)
                return
            }
            end(index)
        }
        var node = ProcessNode(pid: pid, startNanoseconds: time, name: TaskName([]))
        if let parentIndex, let origin = slots[parentIndex]?.node {
            node.name = origin.name
            node.realUser = origin.realUser
            node.effectiveUser = origin.effectiveUser
            node.image = origin.image
        }
        insert(node, parent: parent.process, isParentFixed: true)
        addThread(child)
    }

    mutating func exec(_ task: TaskID, time: UInt64) {
        guard let index = living[task.process] else { return }
        slots[index]?.node.execNanoseconds = time
        slots[index]?.node.image = nil
        // The others have been killed, and the one that called has become the first.
        guard slots[index]?.threads != 1 || threads[task.process] != task.process else { return }
        dropThreads(of: task.process, index)
        addThread(TaskID(thread: task.process, process: task.process))
    }

    mutating func exit(_ task: TaskID, time: UInt64) {
        guard let index = living[task.process], let slot = slots[index],
            // Heard of late: the number belongs to somebody younger now.
            time >= slot.node.startNanoseconds,
            threads[task.thread] == task.process
        else { return }
        threads[task.thread] = nil
        slots[index]?.threads -= 1
        // A first thread may end long before its process.
        if slot.threads == 1 { end(index) }
    }

    @discardableResult
    mutating func update(_ pid: Int32, _ body: (inout ProcessNode) -> Void) -> Bool {
        guard let index = living[pid], var slot = slots[index] else { return false }
        body(&slot.node)
        slots[index] = slot
        return true
    }

    // MARK: - Listings

    mutating func synchronize(with snapshots: [ProcessSnapshot], begunAt begin: UInt64) {
        let listed = Dictionary(
            snapshots.map { ($0.node.pid, $0.node.startNanoseconds) },
            uniquingKeysWith: { first, _ in first }
        )
        for (pid, index) in living {
            guard let start = slots[index]?.node.startNanoseconds, start < begin else { continue }
            // A later start is another process. An earlier one is an artefact of a suspension, which
            // the clock of /proc counts and that of events does not.
            let isSame = listed[pid].map { $0 < start &+ Self.startToleranceNanoseconds } ?? false
            if !isSame { end(index) }
        }
        let added = snapshots.filter { living[$0.node.pid] == nil }
        for snapshot in added { insert(snapshot.node, parent: 0, isParentFixed: false) }
        for snapshot in added {
            guard let index = living[snapshot.node.pid] else { continue }
            setParent(of: index, to: living[snapshot.parent])
        }
        for snapshot in snapshots {
            guard let index = living[snapshot.node.pid] else { continue }
            dropThreads(of: snapshot.node.pid, index)
            for thread in snapshot.threads {
                addThread(TaskID(thread: thread, process: snapshot.node.pid))
            }
        }
    }

    // MARK: - Threads

    private mutating func addThread(_ task: TaskID) {
        guard let index = living[task.process],
            task.isLeader || threads.count < capacity * Self.threadsPerProcess
        else { return }
        if let former = threads.updateValue(task.process, forKey: task.thread) {
            // The end of the thread that had this number was not heard of.
            guard former != task.process else { return }
            if let other = living[former] { slots[other]?.threads -= 1 }
        }
        slots[index]?.threads += 1
    }

    private mutating func dropThreads(of pid: Int32, _ index: Int) {
        guard let count = slots[index]?.threads, count > 0 else { return }
        if count == 1, threads[pid] == pid {
            threads[pid] = nil
        } else {
            threads = threads.filter { $0.value != pid }
        }
        slots[index]?.threads = 0
    }

    // MARK: - Slots

    private mutating func insert(_ node: ProcessNode, parent: Int32, isParentFixed: Bool) {
        if slots.count - free.count >= capacity { makeRoom() }
        guard slots.count - free.count < capacity else {
            evicted += 1
            return
        }
        let slot = Slot(node: node, isParentFixed: isParentFixed)
        let index: Int
        if let reused = free.popLast() {
            index = reused
            slots[index] = slot
        } else {
            index = slots.count
            slots.append(slot)
        }
        let parentIndex = living[parent]
        living[node.pid] = index
        slots[index]?.parent = parentIndex
        if let parentIndex { slots[parentIndex]?.children += 1 }
    }

    private mutating func fixParent(of index: Int, to parent: Int?) {
        guard let slot = slots[index], !slot.isParentFixed, let parent else { return }
        setParent(of: index, to: parent)
        slots[index]?.isParentFixed = true
    }

    /// Changes who the parent is; refuses a circle, which a listing full of races could describe.
    private mutating func setParent(of index: Int, to parent: Int?) {
        var ancestor = parent
        while let next = ancestor {
            guard next != index else { return }
            ancestor = slots[next]?.parent
        }
        let former = slots[index]?.parent
        slots[index]?.parent = parent
        if let parent { slots[parent]?.children += 1 }
        if let former { release(former) }
    }

    private mutating func end(_ index: Int) {
        guard let slot = slots[index] else { return }
        dropThreads(of: slot.node.pid, index)
        living[slot.node.pid] = nil
        exits += 1
        slots[index]?.node.hasExited = true
        slots[index]?.exitOrder = exits
        remembered += 1
        forgetIfUnneeded(index)
    }

    /// Takes back one child of a slot.
    private mutating func release(_ index: Int) {
        slots[index]?.children -= 1
        forgetIfUnneeded(index)
    }

    /// Frees an ended process without children, then its parent if that is the same now, and so on.
    private mutating func forgetIfUnneeded(_ index: Int) {
        var next: Int? = index
        while let index = next, let slot = slots[index], slot.node.hasExited, slot.children == 0 {
            slots[index] = nil
            free.append(index)
            remembered -= 1
            next = slot.parent
            if let parent = slot.parent { slots[parent]?.children -= 1 }
        }
    }

    /// Evicts the ended processes that ended first, a sixteenth of the capacity at once; their
    /// children go to the nearest ancestor that is left.
    private mutating func makeRoom() {
        let ended = slots.indices
            .filter { slots[$0]?.node.hasExited == true }
            .sorted { (slots[$0]?.exitOrder ?? 0) < (slots[$1]?.exitOrder ?? 0) }
        let victims = Set(ended.prefix(max(1, capacity / 16)))
        guard !victims.isEmpty else { return }
        for index in slots.indices where !victims.contains(index) {
            guard let slot = slots[index], let parent = slot.parent, victims.contains(parent)
            else { continue }
            var heir: Int? = parent
            while let next = heir, victims.contains(next) { heir = slots[next]?.parent }
            slots[index]?.parent = heir
            if let heir { slots[heir]?.children += 1 }
        }
        for index in victims {
            if let parent = slots[index]?.parent, !victims.contains(parent) {
                slots[parent]?.children -= 1
            }
        }
        for index in victims {
            slots[index] = nil
            free.append(index)
        }
        remembered -= victims.count
        evicted += UInt64(victims.count)
    }
}
