// Events to a tree: nesting, anchors, duplicate keys and the limits. One text per value.

import Diagnostics

/// Builds the tree of one text from its events, and stops at the first limit.
struct YAMLComposer {
    let file: SourceFile
    private let limits: YAMLLimits
    private let offsets: CharacterOffsets
    private var stack: [YAMLFrame] = []
    private var anchors: [String: Composed] = [:]
    private var root: YAMLNode?
    private var diagnostics: [Diagnostic] = []
    private var documents = 0
    private var aliases = 0
    private var nodes = 0
    private var isRefused = false

    /// A finished value and what it costs to visit it.
    struct Composed {
        var node: YAMLNode
        /// How many values and keys are in it, itself included; a long text counts for several.
        var nodes: Int
        /// How many collections lie inside each other, itself included.
        var height: Int
    }

    init(file: SourceFile, from start: Int, limits: YAMLLimits) {
        self.file = file
        self.limits = limits
        offsets = CharacterOffsets(file.bytes, from: start)
    }

    /// Takes the next event; false if no more are wanted.
    mutating func take(_ event: YAMLEvent) -> Bool {
        let span = SourceSpan(
            start: offsets.offset(ofCharacter: event.start),
            end: offsets.offset(ofCharacter: event.end)
        )
        switch event.kind {
        case .documentStart:
            documents += 1
            if documents > 1 {
                refuse(.yamlDocuments, "a second document starts here, a file holds one", span)
            }
        case .documentEnd: break
        case .alias: takeAlias(event.anchor ?? "", span)
        case .scalar(let value, let style):
            let scalar = YAMLScalar(value: value, style: style, tag: event.tag, span: span)
            let node = YAMLNode(content: .scalar(scalar), span: span)
            // Long texts count for more: an alias must not make them cheap to repeat.
            let cost = 1 + value.utf8.count / 64
            attach(Composed(node: node, nodes: cost, height: 0), anchor: event.anchor)
        case .sequenceStart: open(.init(isMapping: false, event: event, start: span.start), span)
        case .mappingStart: open(.init(isMapping: true, event: event, start: span.start), span)
        case .sequenceEnd, .mappingEnd:
            if let frame = stack.popLast() {
                attach(frame.close(at: span.end), anchor: frame.anchor, isCounted: true)
            }
        }
        return !isRefused
    }

    /// Notes why libyaml stopped; the tree is then unusable.
    mutating func fail(_ fault: YAMLFault) {
        isRefused = true
        diagnostics.append(diagnostic(of: fault, offsets))
    }

    /// The tree, unless something made the text unusable, and all findings in order of place.
    func finish() -> (YAMLNode?, [Diagnostic]) {
        let sorted = diagnostics.sorted { ($0.span?.start ?? 0) < ($1.span?.start ?? 0) }
        return (isRefused ? nil : root, sorted)
    }

    private mutating func open(_ frame: YAMLFrame, _ span: SourceSpan) {
        guard stack.count < limits.depth else {
            refuse(.yamlDepth, "nested more than \(limits.depth) levels deep", span)
            return
        }
        count(1, at: span)
        stack.append(frame)
    }

    private mutating func takeAlias(_ name: String, _ span: SourceSpan) {
        aliases += 1
        guard aliases <= limits.aliases else {
            refuse(.yamlAliases, "more than \(limits.aliases) aliases", span)
            return
        }
        guard let target = anchors[name] else {
            let isOpen = stack.contains { $0.anchor == name }
            let message =
                isOpen ? "alias '*\(name)' refers to itself" : "no anchor '&\(name)' before this"
            refuse(.yamlAnchor, message, span)
            return
        }
        guard stack.count + target.height <= limits.depth else {
            let message = "nested more than \(limits.depth) levels deep by an alias"
            refuse(.yamlDepth, message, span)
            return
        }
        attach(target, anchor: nil, aliasSpan: span)
    }

    /// Puts a finished value where it belongs; collections were counted when they opened.
    private mutating func attach(
        _ composed: Composed,
        anchor: String?,
        isCounted: Bool = false,
        aliasSpan: SourceSpan? = nil
    ) {
        if !isCounted { count(composed.nodes, at: aliasSpan ?? composed.node.span) }
        if let anchor { anchors[anchor] = composed }
        guard !stack.isEmpty else {
            root = composed.node
            return
        }
        let last = stack.count - 1
        diagnostics += stack[last].take(composed, aliasSpan: aliasSpan, in: file)
    }

    private mutating func count(_ added: Int, at span: SourceSpan) {
        nodes += added
        if nodes > limits.nodes {
            refuse(.yamlNodes, "more than \(limits.nodes) values, aliases expanded", span)
        }
    }

    private mutating func refuse(_ code: Diagnostic.Code, _ message: String, _ span: SourceSpan) {
        guard !isRefused else { return }
        isRefused = true
        diagnostics.append(
            Diagnostic(.error, code: code, message: message, span: span, file: file)
        )
    }
}
