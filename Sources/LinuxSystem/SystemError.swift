// The one error of this module and the one way errno becomes a Swift value.
// Nothing else in the project looks at errno.

import Glibc
package import SystemPackage

/// A failed system call: which one, on what, and the errno.
package struct SystemError: Error, Sendable, Equatable {
    /// The name of the call, as in section 2 of the manual: "fanotify_mark".
    package let call: String
    package let errno: Errno
    /// The path or interface the call was about.
    package let subject: String?
    /// What the administrator can do about it.
    package let remedy: String?

    package init(call: String, errno: Errno, subject: String? = nil, remedy: String? = nil) {
        self.call = call
        self.errno = errno
        self.subject = subject
        self.remedy = remedy
    }
}

extension SystemError {
    /// That something is not used because of who else may write it: EPERM.
    package static func untrusted(_ path: String, because reason: String) -> SystemError {
        SystemError(call: "read", errno: .notPermitted, subject: path, remedy: reason)
    }

    /// That somebody else changes a file at the same time: EAGAIN.
    package static func contended(_ path: String) -> SystemError {
        SystemError(
            call: "rename",
            errno: .resourceTemporarilyUnavailable,
            subject: path,
            remedy: "somebody is changing it: try again"
        )
    }

    /// That a file is not replaced because it is reached through a symbolic link: ELOOP.
    package static func linked(_ path: String) -> SystemError {
        SystemError(
            call: "rename",
            errno: .tooManySymbolicLinkLevels,
            subject: path,
            remedy: "it is a symbolic link: edit the file that it names, then minewarden deploy"
        )
    }

    /// True if what was asked for does not exist: ENOENT.
    package var isMissing: Bool { errno == .noSuchFileOrDirectory }

    /// Whether a look at a task failed because the task has ended.
    package var isOfTaskThatIsGone: Bool {
        errno == .noSuchProcess || errno == .noSuchFileOrDirectory
    }
}

extension SystemError: CustomStringConvertible {
    /// One line: "fanotify_mark /home: Operation not permitted (needs CAP_SYS_ADMIN)".
    package var description: String {
        var text = call
        if let subject { text += " \(subject)" }
        text += ": \(errno.description)"
        if let remedy { text += " (\(remedy))" }
        return text
    }
}

extension Errno {
    /// The errno of the calling thread; read it in the first statement after the call.
    static var current: Errno { Errno(rawValue: Glibc.errno) }
}

/// Runs a call that returns -1 and sets errno on failure; repeats it on EINTR.
///
/// Not inlined, so that no reference counting runs between the call and reading errno.
/// - Throws: the errno with the names given.
@inline(never)
@discardableResult
func retrying<Result: SignedInteger>(
    _ call: String,
    on subject: @autoclosure () -> String? = nil,
    _ body: () -> Result
) throws(SystemError) -> Result {
    while true {
        let result = body()
        if result != -1 { return result }
        let errno = Errno.current
        if errno == .interrupted { continue }
        throw SystemError(call: call, errno: errno, subject: subject())
    }
}
