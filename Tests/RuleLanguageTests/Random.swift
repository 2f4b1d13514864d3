// Random input that is the same in every run.

/// A small generator (xorshift); its sequence is fixed by the seed.
struct Random {
    private var state: UInt64

    init(seed: UInt64) { state = seed &* 0x9E37_79B9_7F4A_7C15 | 1 }

    /// A number below a bound.
    mutating func number(below bound: Int) -> Int {
        state ^= state << 13
        state ^= state >> 7
        state ^= state << 17
        return Int(state >> 1) % bound
    }

    /// One of several.
    mutating func pick<T>(_ choices: [T]) -> T { choices[number(below: choices.count)] }

    /// Bytes of an alphabet, at most so many.
    mutating func bytes(upTo count: Int, from alphabet: String) -> [UInt8] {
        let letters = Array(alphabet.utf8)
        return (0..<number(below: count + 1)).map { _ in pick(letters) }
    }
}
