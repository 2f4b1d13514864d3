// Where a test may end the daemon as a power loss would. Does nothing in a release build.

import LinuxSystem
import Synchronization

/// The steps of a deployment, counted.
enum FaultPoint {
    #if DEBUG
    private static let passed = Atomic<Int>(0)
    private static let limit = Host.environment("MINEWARDEN_DIE_AT_STEP").flatMap { Int($0) }

    /// Ends this process with SIGKILL before the step that MINEWARDEN_DIE_AT_STEP counts to.
    static func pass(_ step: String) {
        guard let limit else { return }
        if passed.wrappingAdd(1, ordering: .relaxed).newValue == limit { Host.killSelf() }
    }
    #else
    static func pass(_ step: String) {}
    #endif
}
