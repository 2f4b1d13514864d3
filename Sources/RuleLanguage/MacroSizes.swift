// How large macros become once those inside them are written out: known before it is done, so that
// a few that double each other cost nothing. Time linear in their text.

/// Counts parts of macros.
struct MacroSizes {
    /// Any number above stands for all of them.
    static let limit = Checker.maximumNodes + 1

    private struct Content {
        var parts = 0
        var names: [String] = []
    }

    private let contents: [String: Content]
    private(set) var sizes: [String: Int] = [:]

    init(_ macros: [String: ParsedMacro]) {
        contents = macros.mapValues { macro in
            var content = Content()
            Self.collect(macro.tree, into: &content)
            content.names = content.names.filter { macros[$0] != nil }
            return content
        }
        for name in macros.keys where sizes[name] == nil { measure(name) }
    }

    /// Measures a macro after those inside it; one that contains itself counts once.
    private mutating func measure(_ root: String) {
        var path = [(name: root, next: 0)]
        var entered: Set = [root]
        while let (name, next) = path.last {
            guard let content = contents[name] else { return }
            if next < content.names.count {
                path[path.count - 1].next += 1
                let inner = content.names[next]
                if sizes[inner] == nil, entered.insert(inner).inserted { path.append((inner, 0)) }
                continue
            }
            let whole = content.names.reduce(content.parts) { sum, inner in
                min(Self.limit, sum + (sizes[inner] ?? 0))
            }
            sizes[name] = min(Self.limit, whole)
            path.removeLast()
        }
    }

    private static func collect(_ node: SyntaxNode, into content: inout Content) {
        content.parts += 1
        switch node.kind {
        case .name(let name): content.names.append(name)
        case .unary(_, let operand): collect(operand, into: &content)
        case .sum(let first, let terms):
            collect(first, into: &content)
            for term in terms { collect(term.operand, into: &content) }
        case .comparison(_, let left, let right):
            collect(left, into: &content)
            collect(right, into: &content)
        case .bits(let nodes, _), .chain(let nodes, _), .list(let nodes):
            for node in nodes { collect(node, into: &content) }
        default: break
        }
    }
}
