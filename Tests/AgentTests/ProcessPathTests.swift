// Paths, terminals and names: text to text.

import LinuxSystem
import RuleLanguage
import Testing

@testable import Agent

struct `Process path` {
    @Test(arguments: [
        ("/srv/jail/bin/x", "/srv/jail", "/bin/x"),
        ("/srv/jail", "/srv/jail", "/"),
        ("/srv/jailed/x", "/srv/jail", "/srv/jailed/x"),
        ("/bin/x", "/", "/bin/x"),
        ("/bin/x", "", "/bin/x"),
        ("/x", "/srv/jail", "/x"),
    ])
    func `is seen from the root of the process`(path: String, root: String, seen: String) {
        #expect(text(ProcessPath.seen(bytes(path), fromRoot: bytes(root))) == seen)
    }

    @Test(arguments: [
        ("/tmp/x (deleted)", "/tmp/x"), ("/tmp/x", "/tmp/x"), (" (deleted)", " (deleted)"),
        ("/tmp/x (deleted) (deleted)", "/tmp/x (deleted)"), ("", ""),
    ])
    func `loses one mark of the kernel`(path: String, rest: String) {
        #expect(text(ProcessPath.withoutDeletedMark(bytes(path))) == rest)
    }

    @Test(arguments: [
        ("x", "/a/b", "/a/b/x"), ("./x", "/a", "/a/x"), ("../x", "/a/b", "/a/x"),
        ("../../../x", "/a", "/x"), ("/a//b/./c/../d", "/z", "/a/b/d"), ("/..", "/z", "/"),
        ("", "/a", "/a"), ("..", "/", "/"), ("/...", "", "/..."),
    ])
    func `becomes absolute and clean`(path: String, directory: String, absolute: String) {
        #expect(
            text(ProcessPath.absolute(bytes(path)[...], in: bytes(directory))) == absolute
        )
    }

    @Test(arguments: [("/a/b", "b"), ("b", "b"), ("/", ""), ("", ""), ("/a/", "")])
    func `ends in its base name`(path: String, name: String) {
        #expect(text(ProcessPath.baseName(bytes(path)[...])) == name)
    }

    @Test(arguments: [
        ("/memfd:x (deleted)", true), ("/memfd", false), ("/tmp/memfd:x", false), ("", false),
    ])
    func `of a file in memory is no place`(path: String, isAnonymous: Bool) {
        #expect(ProcessPath.isAnonymous(bytes(path)) == isAnonymous)
    }
}

struct `Terminal name` {
    @Test(
        arguments: [
            (0, ""), (0x8800, "pts0"), (0x8801, "pts1"), (0x88ff, "pts255"), (0x8900, "pts256"),
            (0x10_8800, "pts256"), (0x401, "tty1"), (0x440, "ttyS0"), (0x441, "ttyS1"),
            (0x501, "console"), (0xcc40, "tty204:64"), (-1, "tty255:1048575"),
        ] as [(Int32, String)]
    )
    func `follows from the device number`(device: Int32, name: String) {
        #expect(text(TerminalName.bytes(ofDevice: device)) == name)
    }
}

struct `User names` {
    @Test func `are read from the lines of passwd`() {
        let names = UserNames.parse(
            bytes("root:x:0:0:root:/root:/bin/sh\ndaemon:x:1:1::/:/bin/false\ntoor:x:0:0::/:\n")
        )
        #expect(names.mapValues { text($0) } == [0: "root", 1: "daemon"])
    }

    @Test(arguments: [
        "", "\n\n", "root", "root:x", ":x:0:", "root:x::", "root:x:-1:", "root:x:4294967296:",
        "root:x:0x0:", "root:x: 0:", "+:::",
    ])
    func `are not made of broken lines`(line: String) {
        #expect(UserNames.parse(bytes(line)).isEmpty)
    }

    @Test func `survive bytes that are not UTF-8 and a missing last newline`() {
        let names = UserNames.parse([0xff, 0xfe] + bytes(":x:5:") + [10] + bytes("b:x:6:"))
        #expect(names == [5: [0xff, 0xfe], 6: bytes("b")])
    }

    @Test func `follow a change of the files`() throws {
        let directory = try TemporaryDirectory()
        let passwd = try directory.write("passwd", "a:x:7:7::/:\n")
        let names = UserNames(passwd: passwd, group: "\(directory.path)/missing")
        #expect(text(names.user(7)) == "a")
        #expect(names.user(nil).isEmpty && names.user(8).isEmpty && names.group(7).isEmpty)
        try directory.write("passwd", "longer:x:7:7::/:\n")
        #expect(text(names.user(7)) == "a", "a verdict never reads the file")
        names.refresh()
        #expect(text(names.user(7)) == "longer")
    }
}

struct `Byte string list` {
    @Test(
        arguments: [
            ("", []), ("a\0b\0", ["a", "b"]), ("a\0b", ["a", "b"]), ("\0", [""]),
            ("\0\0", ["", ""]),
            ("a\0\0b\0", ["a", "", "b"]),
        ] as [(String, [String])]
    )
    func `is read as the kernel lays it out`(laid: String, strings: [String]) {
        #expect(texts(ByteStringList(nulTerminated: bytes(laid))) == strings)
    }

    @Test(arguments: [[], [""], ["a"], ["a", "", "b"]] as [[String]])
    func `comes back as it was written`(strings: [String]) {
        let list = ByteStringList(strings)
        #expect(texts(ByteStringList(nulTerminated: list.nulTerminated)) == strings)
        #expect(ByteStringList(nulTerminated: list.nulTerminated).digest == list.digest)
    }

    @Test func `has another digest when the bounds differ`() {
        let one = ByteStringList(["ab", "c"])
        let other = ByteStringList(["a", "bc"])
        #expect(one.digest != other.digest)
        #expect(one.digest != ByteStringList(["ab", "c", ""]).digest)
    }
}
