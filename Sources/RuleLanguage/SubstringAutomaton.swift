// Finds many substrings in one pass (Aho and Corasick). Time linear in the text, whatever the number
// of substrings; memory about twenty bytes for each byte of them.

/// An automaton over ASCII lower case; immutable, any thread.
struct SubstringAutomaton: Sendable {
    /// Where each state's edges start in `labels` and `targets`; one more than there are states.
    private var edgeStarts: [Int32] = []
    private var labels: [UInt8] = []
    private var targets: [Int32] = []
    /// The state of the longest proper suffix.
    private var failures: [Int32] = []
    /// The substring that ends in a state, or -1.
    private var outputs: [Int32] = []
    /// The nearest suffix state, the state itself included, where a substring ends; 0 for none.
    private var outputStates: [Int32] = []
    /// The edges of the root.
    private var root: [Int32] = []
    /// Where most bytes are read: whether some substring may begin with three bytes, by their hash.
    private var beginnings = [UInt64](repeating: 0, count: Self.beginningBits / 64)
    private static let beginningBits = 1 << 14

    /// Takes distinct, non-empty substrings in lower case.
    init(_ substrings: [[UInt8]]) {
        let trie = Trie(substrings)
        layOut(trie)
        link()
        for substring in substrings { noteBeginning(of: substring) }
    }

    /// Which bit stands for the last three bytes of a window.
    ///
    /// Letters of either case are one, and so are a few other pairs: that only lets more pass.
    private static func bit(_ window: UInt32) -> Int {
        Int(((window << 8 | 0x2020_2000) &* 0x9e37_79b1) >> 18)
    }

    private mutating func noteBeginning(of substring: [UInt8]) {
        let first = UInt32(substring[0]) << 16
        // What may follow a short one is anything: then all of it is noted.
        let second = substring.count > 1 ? [UInt32(substring[1])] : Array(0...255)
        let third = substring.count > 2 ? [UInt32(substring[2])] : Array(0...255)
        for middle in second {
            for last in third {
                let bit = Self.bit(first | middle << 8 | last)
                beginnings[bit >> 6] |= 1 << UInt64(bit & 63)
            }
        }
    }

    /// Calls `body` with the index of each substring that ends in the text, longer ones first,
    /// until it returns false for a place.
    ///
    /// A place is left at the first substring that `body` does not want to go on from: what is known
    /// to have been reported before. So a text that repeats itself costs no more than another.
    func forEachMatch(in bytes: Span<UInt8>, _ body: (Int) -> Bool) {
        guard failures.count > 1 else { return }
        var state = 0
        // The bytes up to two places ahead.
        var window: UInt32 = 0
        for index in 0..<min(2, bytes.count) { window = window << 8 | UInt32(bytes[index]) }
        for index in bytes.indices {
            if index + 2 < bytes.count {
                window = window << 8 | UInt32(bytes[index + 2])
                if state == 0 {
                    let bit = Self.bit(window)
                    guard beginnings[bit >> 6] & 1 << UInt64(bit & 63) != 0 else { continue }
                }
            }
            state = next(state, bytes[index].lowered)
            var found = Int(outputStates[state])
            while found != 0, body(Int(outputs[found])) {
                found = Int(outputStates[Int(failures[found])])
            }
        }
    }

    private func next(_ start: Int, _ byte: UInt8) -> Int {
        var state = start
        while state != 0 {
            if let target = edge(state, byte) { return target }
            state = Int(failures[state])
        }
        return Int(root[Int(byte)])
    }

    private func edge(_ state: Int, _ byte: UInt8) -> Int? {
        for index in Int(edgeStarts[state])..<Int(edgeStarts[state + 1]) where labels[index] == byte
        {
            return Int(targets[index])
        }
        return nil
    }

    /// A tree of the substrings while it grows: each node knows its first child and next sibling.
    private struct Trie {
        var labels: [UInt8] = [0]
        var firstChildren: [Int32] = [0]
        var siblings: [Int32] = [0]
        var outputs: [Int32] = [-1]

        init(_ substrings: [[UInt8]]) {
            for (number, substring) in substrings.enumerated() {
                var node = 0
                for byte in substring { node = child(of: node, byte) }
                outputs[node] = Int32(number)
            }
        }

        private mutating func child(of node: Int, _ byte: UInt8) -> Int {
            var found = Int(firstChildren[node])
            while found != 0 {
                if labels[found] == byte { return found }
                found = Int(siblings[found])
            }
            let new = labels.count
            labels.append(byte)
            siblings.append(firstChildren[node])
            firstChildren.append(0)
            outputs.append(-1)
            firstChildren[node] = Int32(new)
            return new
        }
    }

    /// Numbers the states breadth first, so that a suffix comes before what it is a suffix of.
    private mutating func layOut(_ trie: Trie) {
        var order = [0]
        root = [Int32](repeating: 0, count: 256)
        var position = 0
        while position < order.count {
            let node = order[position]
            edgeStarts.append(Int32(labels.count))
            outputs.append(trie.outputs[node])
            var child = Int(trie.firstChildren[node])
            while child != 0 {
                labels.append(trie.labels[child])
                targets.append(Int32(order.count))
                if position == 0 { root[Int(trie.labels[child])] = Int32(order.count) }
                order.append(child)
                child = Int(trie.siblings[child])
            }
            position += 1
        }
        edgeStarts.append(Int32(labels.count))
    }

    private mutating func link() {
        failures = [Int32](repeating: 0, count: outputs.count)
        outputStates = [Int32](repeating: 0, count: outputs.count)
        for state in outputs.indices {
            if outputs[state] >= 0 {
                outputStates[state] = Int32(state)
            } else {
                outputStates[state] = outputStates[Int(failures[state])]
            }
            for index in Int(edgeStarts[state])..<Int(edgeStarts[state + 1]) where state != 0 {
                let failure = next(Int(failures[state]), labels[index])
                failures[Int(targets[index])] = Int32(failure)
            }
        }
    }
}
