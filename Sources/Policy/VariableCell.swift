// One value that was set, with its times and its weight. Used only inside the store's lock.

import RuleLanguage

/// What all cells of a store weigh together.
final class VariableUsage {
    var bytes = 0
}

/// The place of one value; several processes may share one that they inherited.
final class VariableCell {
    private(set) var value: VariableValue
    /// When each member of a list ends to count, or the only value.
    ///
    /// Empty without a time to live.
    private(set) var expiries: [UInt64] = []
    /// When the cell was made, monotonic nanoseconds.
    let createdAt: UInt64
    /// The cell that this one took the place of in a process that went on to another program.
    ///
    /// A fork from before that, heard of late, passes on the older one.
    private(set) var previous: VariableCell?
    /// Whether it was set from another process: then the living descendants see it too.
    let reachesLiving: Bool
    private let usage: VariableUsage
    private var weight = 0

    /// The longest string that is kept; of a longer one the start is.
    static let maximumStringBytes = 4_096
    /// The most a list may weigh; of more the oldest members go.
    static let maximumListBytes = 262_144
    /// What a cell weighs besides its value.
    private static let ownWeight = 160

    init(
        emptyOf type: VariableType,
        at time: UInt64,
        previous: VariableCell?,
        reachesLiving: Bool,
        usage: VariableUsage
    ) {
        value = VariableValue(emptyOf: type)
        createdAt = time
        self.previous = previous
        previous?.previous = nil
        self.reachesLiving = reachesLiving
        self.usage = usage
    }

    deinit { usage.bytes -= weight }

    /// The value at a time; nil if it does not count any more.
    func current(at now: UInt64) -> VariableValue? {
        guard !expiries.isEmpty else { return value }
        guard expiries.contains(where: { $0 <= now }) else { return value }
        switch value {
        case .boolean, .integer, .string: return nil
        case .integers(let members):
            let left = zip(members, expiries).filter { $0.1 > now }.map(\.0)
            return left.isEmpty ? nil : .integers(left)
        case .strings(let members):
            let left = zip(members, expiries).filter { $0.1 > now }.map(\.0)
            return left.isEmpty ? nil : .strings(left)
        }
    }

    /// Replaces the value, or adds to a list: what is in it already becomes its newest member.
    func take(
        _ new: VariableValue,
        appending: Bool,
        as variable: VariableDeclaration,
        at now: UInt64
    ) {
        switch (value, new) {
        case (.integers(let members), .integers(let added)):
            let kept = appending ? live(members, at: now) : []
            let (list, times) = merge(kept, added, variable, at: now)
            (value, expiries) = (.integers(list), times)
        case (.strings(let members), .strings(let added)):
            let kept = appending ? live(members, at: now) : []
            let (list, times) = merge(kept, added.map(Self.kept), variable, at: now)
            (value, expiries) = (.strings(list), times)
        case (_, .string(let bytes)):
            value = .string(Self.kept(bytes))
            expiries = variable.timeToLive.map { [now &+ $0] } ?? []
        default:
            value = new
            expiries = variable.timeToLive.map { [now &+ $0] } ?? []
        }
        trim()
        weigh()
    }

    /// Takes the members of an inherited list over, with their times.
    func seed(from other: VariableCell) {
        guard other.value.type == value.type else { return }
        (value, expiries) = (other.value, other.expiries)
        weigh()
    }

    // MARK: - Members

    private typealias Member<Element> = (value: Element, expiry: UInt64)

    private func live<Element>(_ members: [Element], at now: UInt64) -> [Member<Element>] {
        guard expiries.count == members.count else { return members.map { ($0, .max) } }
        return zip(members, expiries).filter { $0.1 > now }.map { ($0.0, $0.1) }
    }

    private func merge<Element: Hashable>(
        _ kept: [Member<Element>],
        _ added: [Element],
        _ variable: VariableDeclaration,
        at now: UInt64
    ) -> ([Element], [UInt64]) {
        let expiry = variable.timeToLive.map { now &+ $0 } ?? .max
        var seen: Set<Element> = []
        // From the newest back: of equal ones the newest stays.
        var newest: [Member<Element>] = []
        let all = kept + added.map { ($0, expiry) }
        for member in all.reversed() where newest.count < variable.capacity {
            if seen.insert(member.value).inserted { newest.append(member) }
        }
        newest.reverse()
        let times = variable.timeToLive == nil ? [] : newest.map(\.expiry)
        return (newest.map(\.value), times)
    }

    private func trim() {
        guard case .strings(var members) = value else { return }
        var bytes = members.reduce(0) { $0 + $1.count }
        while bytes > Self.maximumListBytes, let first = members.first {
            bytes -= first.count
            members.removeFirst()
            if !expiries.isEmpty { expiries.removeFirst() }
        }
        value = .strings(members)
    }

    /// A copy: a slice would keep the whole argument vector that it is a part of.
    private static func kept(_ bytes: ByteString) -> ByteString {
        Array(bytes.prefix(maximumStringBytes))[...]
    }

    private func weigh() {
        let content =
            switch value {
            case .boolean, .integer: 0
            case .string(let bytes): bytes.count
            case .integers(let members): members.count * 8
            case .strings(let members): members.reduce(members.count * 24) { $0 + $1.count }
            }
        let new = Self.ownWeight + content + expiries.count * 8
        usage.bytes += new - weight
        weight = new
    }
}
