// From the path in a layer to the paths that overlays show it by.

import LinuxSystem
import Testing

@testable import Agent

struct `Overlay view` {
    private func table(_ lines: String...) -> MountTable {
        let bytes = Array((lines.joined(separator: "\n") + "\n").utf8)
        return MountTable(bytes.span)
    }

    private func paths(_ layer: String, called: String, _ table: MountTable) -> [String] {
        OverlayView.candidates(bytes(layer), bytes(called), table).map { text($0.path) }
    }

    @Test func `is below the mount point of every overlay, the newest and the called one first`() {
        let table = table(
            "30 1 0:40 / /a rw - overlay overlay rw",
            "31 1 0:41 / /b rw - overlay overlay rw",
            "32 1 0:42 / /c rw - tmpfs tmpfs rw"
        )
        #expect(paths("/x/y", called: "", table) == ["/b/x/y", "/a/x/y"])
        #expect(paths("/x/y", called: "/a/x/y", table) == ["/a/x/y", "/b/x/y"])
    }

    @Test func `of a container's root is the path itself`() {
        let table = table("30 1 0:40 / / rw - overlay overlay rw")
        #expect(paths("/usr/bin/x", called: "/usr/bin/x", table) == ["/usr/bin/x"])
    }

    @Test func `of a part of an overlay leaves that part out`() {
        let table = table("30 1 0:40 /srv /mnt rw - overlay overlay rw")
        #expect(paths("/srv/x", called: "", table) == ["/mnt/x"])
        #expect(paths("/srvx", called: "", table).isEmpty)
        #expect(paths("/usr/x", called: "", table).isEmpty)
    }
}
