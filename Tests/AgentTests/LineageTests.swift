// The ancestors of an attempt when the tree has not heard of all forks yet.

import Glibc
import LinuxSystem
import Testing

@testable import Agent

struct `Lineage of an attempt` {
    private func lineage(_ tree: ProcessTree) throws -> [Int32] {
        let attempt = try makeAttempt(tree: tree)
        attempt.run(process: getpid())
        return attempt.lineage.map(\.pid)
    }

    /// The truth, from /proc alone.
    private func expected() throws -> [Int32] {
        var procfs = try Procfs()
        var found: [Int32] = []
        var pid = getpid()
        while let parent = try procfs.status(of: pid)?.parent, parent > 0 {
            found.append(parent)
            pid = parent
        }
        return found
    }

    @Test func `is followed in proc when the tree knows nothing`() throws {
        #expect(try lineage(ProcessTree()) == expected())
    }

    @Test(arguments: [0, 1, 2])
    func `goes on in the tree from the first process that it knows`(unreported: Int) throws {
        let expected = try expected()
        guard expected.count > unreported else { return }
        let tree = ProcessTree()
        var procfs = try Procfs()
        // Everything but ourselves and the youngest of our ancestors.
        let unknown = [getpid()] + expected.prefix(unreported)
        tree.synchronize(
            with: try ProcessSnapshot.all(reading: &procfs).filter {
                !unknown.contains($0.node.pid)
            },
            begunAt: .max
        )
        #expect(try lineage(tree) == expected)
    }
}
