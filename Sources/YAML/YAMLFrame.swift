// A collection that is not closed yet: its items or pairs so far, its keys, its merge values.

import Diagnostics

/// One open sequence or mapping.
struct YAMLFrame {
    let isMapping: Bool
    let anchor: String?
    private let isFlow: Bool
    private let start: Int
    private var items: [YAMLNode] = []
    private var pairs: [YAMLPair] = []
    private var merged: [YAMLPair] = []
    private var mergedKeys: Set<String> = []
    private var keys: [String: SourceSpan] = [:]
    private var key: PendingKey = .none
    private var nodes = 1
    private var height = 0
    private var end: Int

    private enum PendingKey {
        case none
        case scalar(YAMLScalar)
        case merge(SourceSpan)
        /// A key that was refused; its value is dropped.
        case refused
    }

    init(isMapping: Bool, event: YAMLEvent, start: Int) {
        self.isMapping = isMapping
        anchor = event.anchor
        isFlow = event.isFlow
        self.start = start
        end = start
    }

    /// Takes the next item, key or value; returns what is wrong with it.
    mutating func take(
        _ composed: YAMLComposer.Composed,
        aliasSpan: SourceSpan?,
        in file: SourceFile
    ) -> [Diagnostic] {
        nodes += composed.nodes
        height = max(height, composed.height)
        end = (aliasSpan ?? composed.node.span).end
        guard isMapping else {
            items.append(composed.node)
            return []
        }
        let pending = key
        key = .none
        switch pending {
        case .none: return takeKey(composed.node, in: file)
        case .refused: return []
        case .merge(let span): return merge(composed.node, span, in: file)
        case .scalar(let scalar):
            pairs.append(YAMLPair(key: scalar, value: composed.node))
            return []
        }
    }

    /// The finished value; `flowEnd` is where its closing bracket ends.
    func close(at flowEnd: Int) -> YAMLComposer.Composed {
        var all = pairs
        for pair in merged where keys[pair.key.value] == nil { all.append(pair) }
        // A block collection is closed by what follows it: its last value is where it ends.
        let span = SourceSpan(start: start, end: isFlow ? flowEnd : end)
        let node = YAMLNode(content: isMapping ? .mapping(all) : .sequence(items), span: span)
        return .init(node: node, nodes: nodes, height: height + 1)
    }

    private mutating func takeKey(_ node: YAMLNode, in file: SourceFile) -> [Diagnostic] {
        guard let scalar = node.scalar else {
            key = .refused
            let message = "a key must be a word, this is \(node.kindName)"
            return [
                Diagnostic(
                    .error,
                    code: .yamlKeyKind,
                    message: message,
                    span: node.span,
                    file: file
                )
            ]
        }
        if scalar.value == "<<", scalar.style == .plain {
            key = .merge(scalar.span)
            return []
        }
        if let first = keys[scalar.value] {
            key = .refused
            return [
                Diagnostic(
                    .error,
                    code: .yamlDuplicateKey,
                    message: "duplicate key '\(scalar.value)', the first one counts",
                    span: scalar.span,
                    file: file,
                    notes: [.init("first defined here", span: first)]
                )
            ]
        }
        keys[scalar.value] = scalar.span
        key = .scalar(scalar)
        return []
    }

    /// Takes the value of `<<`: a mapping or a list of them; earlier ones win, own keys win over all.
    private mutating func merge(
        _ node: YAMLNode,
        _ span: SourceSpan,
        in file: SourceFile
    ) -> [Diagnostic] {
        let sources = node.sequence ?? [node]
        for source in sources {
            guard let pairs = source.mapping else {
                return [
                    Diagnostic(
                        .error,
                        code: .yamlMerge,
                        message: "the value of '<<' must be a mapping, this is \(source.kindName)",
                        span: span,
                        file: file
                    )
                ]
            }
            for pair in pairs where mergedKeys.insert(pair.key.value).inserted {
                merged.append(pair)
            }
        }
        return []
    }
}
