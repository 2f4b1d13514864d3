// Records in the journal's native protocol: fields to bytes. Sending them is not done here.
// Format: systemd.io/JOURNAL_NATIVE_PROTOCOL.

/// One record for the journal: fields in order, each at most `fieldLimitBytes` long.
package struct JournalRecord: Sendable, Equatable {
    /// One field.
    package struct Field: Sendable, Equatable {
        /// Upper-case ASCII letters, digits and underscores; does not begin with an underscore.
        package let name: String
        package let value: [UInt8]
    }

    /// The fields, in order.
    package private(set) var fields: [Field] = []

    /// The longest value of an ordinary field; longer ones are cut with the marker of `Cut`.
    ///
    /// All fields of a record together stay below what one datagram holds by default (208 KiB).
    package static let fieldLimitBytes = 8192

    /// An empty record.
    package init() {}

    /// Adds a field; an empty value is left out.
    ///
    /// - Parameters:
    ///   - name: a name that the journal takes; a constant of the program, never input.
    ///   - value: any bytes.
    ///   - limit: the longest value; longer ones are cut with the marker of `Cut`.
    package mutating func append(
        _ name: String,
        _ value: [UInt8],
        limit: Int = fieldLimitBytes
    ) {
        guard !value.isEmpty else { return }
        fields.append(Field(name: name, value: Cut.bytes(value, limit: limit)))
    }

    /// Adds a text.
    package mutating func append(_ name: String, _ text: String) {
        append(name, Array(text.utf8))
    }

    /// The datagram: `NAME=value` lines, and for a value with control characters the name in a line
    /// of its own, the length as 64 bits little-endian, and the value.
    package func encoded() -> [UInt8] {
        let newline = UInt8(ascii: "\n")
        var bytes: [UInt8] = []
        bytes.reserveCapacity(fields.reduce(0) { $0 + $1.name.utf8.count + $1.value.count + 10 })
        for field in fields {
            bytes.append(contentsOf: field.name.utf8)
            if field.value.contains(where: { $0 < 0x20 && $0 != 0x09 || $0 == 0x7F }) {
                bytes.append(newline)
                let count = UInt64(field.value.count)
                for shift in stride(from: UInt64(0), to: 64, by: 8) {
                    bytes.append(UInt8(truncatingIfNeeded: count >> shift))
                }
            } else {
                bytes.append(UInt8(ascii: "="))
            }
            bytes.append(contentsOf: field.value)
            bytes.append(newline)
        }
        return bytes
    }
}
