// A field name as it is spelled, brackets included; must not know which fields there are.

/// A field name taken apart: the plain name, and what stood in brackets after which part of it.
struct FieldPath {
    struct Subscript {
        /// The plain name up to the bracket.
        var base: String
        var text: String
        /// Whether nothing but `.length` follows.
        var isLast: Bool
    }

    var name = ""
    var subscripts: [Subscript] = []

    init(_ spelling: String) {
        var rest = spelling[...]
        while let open = rest.firstIndex(of: "[") {
            name += rest[..<open]
            let inside = rest[rest.index(after: open)...]
            let close = inside.firstIndex(of: "]") ?? inside.endIndex
            rest = close < inside.endIndex ? inside[inside.index(after: close)...] : ""
            let isLast = rest.isEmpty || rest == ".length"
            subscripts.append(Subscript(base: name, text: String(inside[..<close]), isLast: isLast))
        }
        name += rest
    }
}
