// Where blocking applies: by service and by image tags. The display form is SECL; the working form
// compares bytes, and unlike the plain strings it is displayed with, its services really glob.

package import RuleLanguage

/// Where a rule blocks; elsewhere it monitors.
package struct BlockingScope: Sendable, Equatable {
    /// Whether an event is in scope.
    package enum Answer: Sendable, Equatable {
        case inside, outside
        /// Tags are asked for, the process is in a container, and no tags of it are known.
        case unknownImage
    }

    /// Any of them, `*` for any run of characters; empty means every service.
    package let services: [String]
    /// All of them, like `short_image:worker`; empty means every image.
    package let tags: [String]
    private let servicePatterns: [WildcardPattern]
    private let tagBytes: [[UInt8]]

    private static let variable = Array("DD_SERVICE=".utf8)

    /// Prepares a scope; at least one of the lists has something in it.
    package init(services: [String], tags: [String]) {
        self.services = services
        self.tags = tags
        servicePatterns = services.map { WildcardPattern(Self.variable + Array($0.utf8)) }
        tagBytes = tags.map { Array($0.utf8) }
    }

    /// Equal if they name the same, in the same order.
    package static func == (left: BlockingScope, right: BlockingScope) -> Bool {
        left.services == right.services && left.tags == right.tags
    }

    /// The scope as an expression, for people.
    package var expression: String {
        var terms: [String] = []
        if !services.isEmpty {
            let items = services.map { Self.quoted("DD_SERVICE=\($0)") }
            terms.append("process.envp in [\(items.joined(separator: ", "))]")
        }
        terms += tags.map { "container.tags in [\(Self.quoted($0))]" }
        return terms.joined(separator: " && ")
    }

    /// A name must not end its quotes: the rest of it would be read as a part of the expression.
    private static func quoted(_ name: String) -> String {
        var text = ""
        for scalar in name.unicodeScalars {
            if scalar == "\"" || scalar == "\\" { text += "\\" }
            text.unicodeScalars.append(scalar)
        }
        return "\"\(text)\""
    }

    /// The fields that `answer(for:)` asks for.
    package var fields: Set<Field> {
        var fields: Set<Field> = []
        if !services.isEmpty { fields.insert(Self.environment) }
        if !tags.isEmpty { fields.formUnion([Self.containerTags, Self.container]) }
        return fields
    }

    /// Whether the event is in scope: both services and tags must hold.
    package func answer(for event: any EventSource) -> Answer {
        if !services.isEmpty {
            let environment = event.strings(Self.environment, element: 0)
            let isInside = environment.contains { entry in
                entry.starts(with: Self.variable)
                    && servicePatterns.contains { $0.matches(entry) }
            }
            guard isInside else { return .outside }
        }
        guard !tags.isEmpty else { return .inside }
        let known = event.strings(Self.containerTags, element: 0)
        if known.isEmpty {
            return event.string(Self.container, element: 0).isEmpty ? .outside : .unknownImage
        }
        let holds = tagBytes.allSatisfy { tag in
            known.contains { $0.elementsEqual(tag) }
        }
        return holds ? .inside : .outside
    }

    private static let environment = Field(.process, .envp)
    private static let containerTags = Field(.container, .containerTags)
    private static let container = Field(.container, .containerID)
}
