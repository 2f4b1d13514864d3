// One action of a rule, as written. Whether it can be taken is decided later.

package import Diagnostics

/// One entry of `actions`: what to do, and under which condition.
package struct ActionDefinition: Sendable, Equatable {
    /// What is done.
    package enum Kind: Sendable, Equatable {
        case kill(KillDefinition)
        case set(SetDefinition)
        case hash(HashDefinition)
        case log(LogDefinition)
    }

    /// What is done.
    package var kind: Kind
    /// A condition on the event; nil means always.
    package var filter: ExpressionText?
    package var span: SourceSpan
    /// The file it stands in: an override adds actions from another file than the rule's.
    package var file: SourceFile

    /// Equal if they do the same, wherever they stand.
    package static func == (left: ActionDefinition, right: ActionDefinition) -> Bool {
        left.kind == right.kind && left.filter == right.filter
    }
}

/// `kill`: end processes, or deny them.
package struct KillDefinition: Sendable, Equatable {
    /// Which processes.
    package enum Scope: String, Sendable, CaseIterable {
        case process, container, cgroup
    }

    /// When repeated kills switch the rule off; both spellings of the format end here.
    package struct Disarmer: Sendable, Equatable {
        /// Whether it ever switches the rule off.
        package var isEnabled = true
        /// How many distinct keys are allowed in `period`; nil means the agent's setting.
        package var maxAllowed: Int?
        package var period: Duration?

        /// Enabled, with the limits of the agent.
        package init() {}
    }

    /// The name, like "SIGKILL".
    package var signal: String
    /// The number of the signal on Linux.
    package var signalNumber: Int32
    package var scope = Scope.process
    package var containerDisarmer = Disarmer()
    package var executableDisarmer = Disarmer()
}

/// `set`: remember something for later events.
package struct SetDefinition: Sendable, Equatable {
    /// What the variable belongs to; nil in `SetDefinition.scope` means the whole host.
    package enum Scope: String, Sendable, CaseIterable {
        case process, container, cgroup
    }

    /// Where the value comes from.
    package enum Source: Sendable, Equatable {
        case value(SetValue)
        /// A field, by name.
        case field(Located<String>)
        case expression(ExpressionText)
    }

    /// Without the scope.
    package var name: Located<String>
    package var source: Source
    package var defaultValue: SetValue?
    package var appends = false
    package var scope: Scope?
    /// For process scope: the field whose process is meant.
    package var scopeField: Located<String>?
    /// How many values an appended list keeps.
    package var size: Int?
    package var timeToLive: Duration?
    package var isPrivate = false
    package var isInherited = false
}

/// A literal value of a variable.
package enum SetValue: Sendable, Equatable {
    case boolean(Bool)
    case integer(Int64)
    case string(String)
    case integers([Int64])
    case strings([String])
}

/// `hash`: record the hashes of a file.
package struct HashDefinition: Sendable, Equatable {
    /// The file field, by name.
    package var field: String
    package var maximumSizeBytes: Int64?
}

/// `log`: write a line to the service log.
package struct LogDefinition: Sendable, Equatable {
    /// How much it matters; several words of the format may mean the same.
    package enum Level: Sendable, Equatable {
        case debug, info, warning, error
    }

    package var level: Level
    package var message: String?
}
