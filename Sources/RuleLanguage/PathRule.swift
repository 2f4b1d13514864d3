// Which values can be compared with a path at all. Refusing the others at load time finds rules
// that would never match.

/// What paths look like.
enum PathRule {
    /// Why no path can equal a value.
    enum Problem: Equatable {
        case relative
        case starAlone
        case home
        case parentDirectory
        case notClean(String)
        case tooDeep
        case nameTooLong

        var message: String {
            switch self {
            case .relative: "a path is absolute or starts with '*'"
            case .starAlone: "'*' alone is no path"
            case .home: "'~' is not expanded in paths"
            case .parentDirectory: "a path has no '..' in it"
            case .notClean: "a path has no '//', no '/.' and no '/' at the end"
            case .tooDeep: "a path has at most \(maximumElements) elements"
            case .nameTooLong: "an element of a path has at most \(maximumElementBytes) bytes"
            }
        }

        func suggestion(for field: String) -> String? {
            switch self {
            case .relative where field.hasSuffix("path"):
                "compare with \(field.dropLast(4))name, or write the path from '/'"
            case .starAlone: "write ~\"/**\" for every path"
            case .notClean(let clean): "write \"\(clean)\""
            default: nil
            }
        }
    }

    static let maximumElements = 1189
    static let maximumElementBytes = 255

    /// What is wrong with a value; nil if a path may be equal to it or match it.
    static func problem(with bytes: [UInt8]) -> Problem? {
        guard let first = bytes.first else { return nil }
        let star = UInt8(ascii: "*")
        if bytes == [star] { return .starAlone }
        if first == UInt8(ascii: "~") { return .home }
        guard first == UInt8(ascii: "/") || first == star else { return .relative }
        let slash = UInt8(ascii: "/")
        let elements = bytes.split(separator: slash, omittingEmptySubsequences: false)
        if elements.contains(where: { $0.elementsEqual("..".utf8) }) { return .parentDirectory }
        let kept = elements.filter { !$0.isEmpty && !$0.elementsEqual(".".utf8) }
        let clean = (first == slash ? [slash] : []) + kept.joined(separator: [slash])
        if clean != bytes { return .notClean(String(decoding: clean, as: UTF8.self)) }
        if kept.count > maximumElements { return .tooDeep }
        if kept.contains(where: { $0.count > maximumElementBytes }) { return .nameTooLong }
        return nil
    }
}
