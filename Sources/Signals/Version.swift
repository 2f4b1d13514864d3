// The version of this build, for the daemon and the command line tool. packaging/debian/changelog
// has the same (scripts/lint.sh compares them).

/// The version of this build.
package enum Version {
    /// Like `1.2.3`, as in packages.
    package static let text = "0.1.0"
}
