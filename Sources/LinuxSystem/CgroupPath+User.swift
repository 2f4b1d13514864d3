// Whose service manager a cgroup belongs to. Pure, from bytes.

extension CgroupPath {
    /// The user whose slice of systemd's tree this is; nil for the system's.
    ///
    /// `/user.slice/user-1000.slice/…` or `…/user@1000.service/…`.
    package var userNumber: UInt32? {
        for part in bytes.split(separator: UInt8(ascii: "/")) {
            for (prefix, suffix) in [("user-", ".slice"), ("user@", ".service")] {
                guard part.starts(with: prefix.utf8), part.count > prefix.utf8.count,
                    part.suffix(suffix.utf8.count).elementsEqual(suffix.utf8)
                else { continue }
                let digits = part.dropFirst(prefix.utf8.count).dropLast(suffix.utf8.count)
                if let number = UInt32(String(decoding: digits, as: UTF8.self)) { return number }
            }
        }
        return nil
    }
}
