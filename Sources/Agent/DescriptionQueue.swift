// The way from who asks for a container's image to the thread that reads. Bounded; asking never
// waits.

import LinuxSystem
import Synchronization

/// Containers to be looked up, in the order they were asked for.
final class DescriptionQueue: Sendable {
    /// A container, and the user whose runtime may know it.
    struct Request: Sendable {
        let container: [UInt8]
        let user: UInt32?
    }

    private let waiting = Mutex<[Request]>([])
    private let wake: EventDescriptor
    private let capacity: Int

    init(capacity: Int = 1024) throws(SystemError) {
        self.capacity = capacity
        wake = try EventDescriptor()
    }

    /// Adds a request; false if there is no room.
    func push(_ request: Request) -> Bool {
        let isTaken = waiting.withLock { waiting in
            guard waiting.count < capacity else { return false }
            waiting.append(request)
            return true
        }
        if isTaken { wake.signal() }
        return isTaken
    }

    /// Answers requests for as long as the process lives.
    func serve(_ answer: (Request) -> Void) {
        while true {
            _ = try? wake.wait(timeout: nil)
            wake.clear()
            let batch = waiting.withLock { waiting in
                let batch = waiting
                waiting = []
                return batch
            }
            for request in batch { answer(request) }
        }
    }
}
