// /proc/PID/mountinfo: parsing only, pure.

/// One mount.
package struct MountInfo: Sendable, Equatable {
    /// The number of the mount; may be reused after unmounting.
    package let id: Int32
    /// The number of the mount this one is on.
    package let parent: Int32
    /// The device of the filesystem; equal for all mounts of one filesystem, except btrfs, whose
    /// subvolumes each have their own.
    package let device: FileIdentity.Device
    /// The directory of the filesystem that is mounted, unescaped.
    package let root: [UInt8]
    /// Where it is mounted, relative to the root of the reading process, unescaped.
    package let mountPoint: [UInt8]
    /// The options of the mount, comma-separated.
    package let options: [UInt8]
    /// The type, with a subtype after a dot: "ext4", "fuse.sshfs".
    package let filesystemType: String
    /// What was mounted, unescaped: a device, a server, a word.
    package let source: [UInt8]
    /// The options of the filesystem, comma-separated, unescaped.
    package let superOptions: [UInt8]
}

/// A mount table.
package struct MountTable: Sendable, Equatable {
    /// In the order of the file: later mounts hide earlier ones at the same place.
    package let mounts: [MountInfo]
    /// Lines that were not understood; a number other than 0 is worth a word to somebody.
    package let malformedLines: Int

    /// Reads the text of the file; an unfinished last line is malformed.
    ///
    /// Source: proc_pid_mountinfo(5).
    package init(_ text: Span<UInt8>) {
        var mounts: [MountInfo] = []
        var malformed = 0
        var offset = 0
        while let line = text.line(at: &offset) {
            if let mount = MountInfo(text, line) { mounts.append(mount) } else { malformed += 1 }
        }
        if offset < text.count { malformed += 1 }
        self.mounts = mounts
        malformedLines = malformed
    }
}

extension MountInfo {
    fileprivate init?(_ text: Span<UInt8>, _ line: Range<Int>) {
        var offset = line.lowerBound
        let space = UInt8(ascii: " ")
        func word() -> Range<Int>? {
            text.word(endingWith: space, at: &offset, limit: line.upperBound)
        }
        guard let id: Int32 = text.decimal(at: &offset), text.skip(space, at: &offset),
            let parent: Int32 = text.decimal(at: &offset), text.skip(space, at: &offset),
            let major: UInt32 = text.decimal(at: &offset),
            text.skip(UInt8(ascii: ":"), at: &offset),
            let minor: UInt32 = text.decimal(at: &offset), text.skip(space, at: &offset),
            let root = word(), let mountPoint = word(), let options = word()
        else { return nil }
        // Any number of optional fields ("shared:1"), then a hyphen.
        while true {
            guard let field = word() else { return nil }
            if field.count == 1, text[field.lowerBound] == UInt8(ascii: "-") { break }
        }
        guard let type = word(), !type.isEmpty, let source = word(), offset < line.upperBound
        else { return nil }
        self.id = id
        self.parent = parent
        device = FileIdentity.Device(major: major, minor: minor)
        self.root = Self.unescape(text, root)
        self.mountPoint = Self.unescape(text, mountPoint)
        self.options = text.copy(options)
        filesystemType = String(decoding: Self.unescape(text, type), as: UTF8.self)
        self.source = Self.unescape(text, source)
        superOptions = Self.unescape(text, offset..<line.upperBound)
    }

    /// The kernel writes blanks, tabs, newlines, backslashes and `#` as a backslash and three octal
    /// digits.
    private static func unescape(_ text: Span<UInt8>, _ range: Range<Int>) -> [UInt8] {
        var bytes: [UInt8] = []
        bytes.reserveCapacity(range.count)
        var index = range.lowerBound
        while index < range.upperBound {
            if text[index] == UInt8(ascii: "\\"), range.upperBound - index > 3,
                let byte = octal(text, index + 1)
            {
                bytes.append(byte)
                index += 4
            } else {
                bytes.append(text[index])
                index += 1
            }
        }
        return bytes
    }

    private static func octal(_ text: Span<UInt8>, _ start: Int) -> UInt8? {
        var value = 0
        for index in start..<start + 3 {
            let digit = text[index] &- UInt8(ascii: "0")
            guard digit < 8 else { return nil }
            value = value << 3 | Int(digit)
        }
        return UInt8(exactly: value)
    }
}
