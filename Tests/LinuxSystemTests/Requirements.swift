// What a live test needs of the host. A test whose need is not met is skipped and says why; with
// MINEWARDEN_REQUIRE_LIVE=1 it runs all the same, and fails.

import Glibc
import LinuxSystem
import Testing

/// Something a live test cannot do without; tried, not assumed.
enum Requirement: Sendable {
    case capability(Capability)
    case processEvents
    case taskStatistics

    /// Why it is missing; nil if it is there.
    var missing: String? {
        switch self {
        case .capability(let capability):
            let probe = HostCapabilities().has(capability)
            return probe.isAvailable ? nil : "\(probe.subject) is \(probe.reason)"
        case .processEvents:
            do throws(SystemError) {
                _ = try ProcConnector.open()
                return nil
            } catch { return error.description }
        case .taskStatistics:
            do throws(SystemError) {
                var statistics = try Taskstats()
                _ = try statistics.use(of: getpid())
                return nil
            } catch { return error.description }
        }
    }
}

/// Skips a test, or lets it fail, when the host lacks something.
struct RequirementTrait: TestTrait, SuiteTrait {
    let requirements: [Requirement]

    func prepare(for test: Test) async throws {
        let missing = requirements.compactMap(\.missing)
        guard !missing.isEmpty, !Self.isStrict else { return }
        try Test.cancel("needs: \(missing.joined(separator: "; "))")
    }

    private static var isStrict: Bool {
        getenv("MINEWARDEN_REQUIRE_LIVE").map { String(cString: $0) } == "1"
    }
}

extension Trait where Self == RequirementTrait {
    /// The test runs only where all of this is available.
    static func requires(_ requirements: Requirement...) -> Self {
        Self(requirements: requirements)
    }
}
