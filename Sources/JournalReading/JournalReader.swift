// Reads records of a journal through libsystemd (sd-journal(3)): its index finds the few records of
// one program among millions. Read-only. One thread. The one file of this module with `unsafe`.

internal import CJournal
internal import Glibc

/// Why a journal cannot be read.
package struct JournalFailure: Error, Sendable, CustomStringConvertible {
    /// Names what failed and on what.
    package let description: String

    init(_ what: String, _ code: CInt) {
        description = unsafe "\(what): \(String(cString: strerror(-code)))"
    }
}

/// An open journal and a place in it.
@safe package struct JournalReader: ~Copyable {
    private let journal: OpaquePointer

    /// Opens the journal of this host, or the journal files in a directory.
    ///
    /// - Throws: `JournalFailure` if there is no such directory or nothing in it may be read.
    package init(directory: String? = nil) throws(JournalFailure) {
        var opened: OpaquePointer?
        let code =
            if let directory {
                unsafe sd_journal_open_directory(&opened, directory, 0)
            } else {
                unsafe sd_journal_open(&opened, CInt(SD_JOURNAL_LOCAL_ONLY))
            }
        guard code >= 0, let opened = unsafe opened else {
            throw JournalFailure("cannot open the journal \(directory ?? "of this host")", code)
        }
        unsafe journal = opened
        // Whole values: an event is longer than the default of 64 KiB.
        unsafe sd_journal_set_data_threshold(journal, 0)
    }

    deinit { unsafe sd_journal_close(journal) }

    /// Lets only records through that have this value; of several for one field any will do.
    package borrowing func require(_ field: String, _ value: String) throws(JournalFailure) {
        let match = Array("\(field)=\(value)".utf8)
        let code = unsafe match.withUnsafeBytes {
            unsafe sd_journal_add_match(journal, $0.baseAddress, $0.count)
        }
        guard code >= 0 else { throw JournalFailure("cannot look for \(field)", code) }
    }

    // MARK: - Place

    /// Goes before the first record.
    package borrowing func seekHead() throws(JournalFailure) {
        try check("cannot go to the start of the journal", unsafe sd_journal_seek_head(journal))
    }

    /// Goes behind the last record.
    package borrowing func seekTail() throws(JournalFailure) {
        try check("cannot go to the end of the journal", unsafe sd_journal_seek_tail(journal))
    }

    /// Goes before the first record of a time on, in microseconds since 1970.
    package borrowing func seek(toMicroseconds time: UInt64) throws(JournalFailure) {
        try check(
            "cannot go to a time in the journal",
            unsafe sd_journal_seek_realtime_usec(journal, time)
        )
    }

    /// Goes to the next record; false at the end.
    package borrowing func next() throws(JournalFailure) -> Bool {
        try check("cannot read the journal", unsafe sd_journal_next(journal)) > 0
    }

    /// Goes to the record before; false at the beginning.
    package borrowing func previous() throws(JournalFailure) -> Bool {
        try check("cannot read the journal", unsafe sd_journal_previous(journal)) > 0
    }

    /// Waits until something was added to the journal, or files came or went.
    package borrowing func wait() throws(JournalFailure) {
        try check("cannot wait for the journal", unsafe sd_journal_wait(journal, UInt64.max))
    }

    // MARK: - Record

    /// When the record at the present place was written, in microseconds since 1970.
    package borrowing func microseconds() throws(JournalFailure) -> UInt64 {
        var time: UInt64 = 0
        try check(
            "cannot read a record's time",
            unsafe sd_journal_get_realtime_usec(journal, &time)
        )
        return time
    }

    /// The fields of the record at the present place; of a repeated one the first.
    package borrowing func fields() throws(JournalFailure) -> [String: [UInt8]] {
        var fields: [String: [UInt8]] = [:]
        unsafe sd_journal_restart_data(journal)
        while true {
            var data: UnsafeRawPointer?
            var length = 0
            // Fields that cannot be read (compressed in a way not known here) are left out.
            let code = unsafe sd_journal_enumerate_available_data(journal, &data, &length)
            guard try check("cannot read a record", code) > 0, let start = unsafe data else {
                return fields
            }
            let bytes = unsafe UnsafeRawBufferPointer(start: start, count: length)
            guard let equals = unsafe bytes.firstIndex(of: UInt8(ascii: "=")) else { continue }
            let name = unsafe String(decoding: bytes[..<equals], as: UTF8.self)
            if fields[name] == nil { unsafe fields[name] = Array(bytes[(equals + 1)...]) }
        }
    }

    @discardableResult
    private borrowing func check(
        _ what: @autoclosure () -> String,
        _ code: CInt
    ) throws(JournalFailure) -> CInt {
        guard code >= 0 else { throw JournalFailure(what(), code) }
        return code
    }
}
