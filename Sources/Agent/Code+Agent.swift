// The stable codes of what can be wrong with files before anybody reads what they say.
// Numbers are never reused.

package import Diagnostics

extension Diagnostic.Code {
    /// A file cannot be read.
    package static let unreadableFile = Self("A001")
    /// A file or directory is not used: somebody without the permission could have written it.
    package static let untrustedFile = Self("A002")
}
