// What a task may do after an exec, against the rules of capabilities(7).

import LinuxSystem
import Testing

@testable import Agent

struct `New credentials` {
    private static let all: UInt64 = 0x1ff_ffff_ffff
    private static let netBind: UInt64 = 1 << 10
    private static let netRaw: UInt64 = 1 << 13

    private func status(
        user: UInt32 = 1000,
        effective: UInt32? = nil,
        permitted: UInt64 = 0,
        inheritable: UInt64 = 0,
        ambient: UInt64 = 0,
        bounding: UInt64 = all,
        noNewPrivileges: Bool = false
    ) throws -> ProcessStatus {
        func mask(_ value: UInt64) -> String { String(value, radix: 16) }
        let other = effective ?? user
        let text = """
            Name:\tx
            Tgid:\t5
            Pid:\t5
            PPid:\t1
            Uid:\t\(user)\t\(other)\t\(other)\t\(other)
            Gid:\t100\t100\t100\t100
            Threads:\t1
            CapInh:\t\(mask(inheritable))
            CapPrm:\t\(mask(permitted))
            CapEff:\t\(mask(permitted))
            CapBnd:\t\(mask(bounding))
            CapAmb:\t\(mask(ambient))
            NoNewPrivs:\t\(noNewPrivileges ? 1 : 0)

            """
        let bytes = bytes(text)
        let parsed = ProcessStatus(bytes.span)
        return try #require(parsed)
    }

    private func after(
        _ status: ProcessStatus,
        _ file: ProgramPrivileges = ProgramPrivileges(),
        root: UInt32? = 0
    ) -> NewCredentials {
        NewCredentials(of: status, executing: file, rootUser: root)
    }

    @Test func `of an ordinary user have no capabilities`() throws {
        let new = after(try status())
        #expect(new.effectiveUser == 1000 && new.effectiveGroup == 100)
        #expect(new.permitted == 0 && new.effective == 0)
    }

    @Test func `of root have all that the bound lets through`() throws {
        let new = after(try status(user: 0, permitted: 0, bounding: Self.netRaw))
        #expect(new.permitted == Self.netRaw && new.effective == Self.netRaw)
    }

    @Test func `come from a set-id root program`() throws {
        let new = after(try status(), ProgramPrivileges(user: 0))
        #expect(new.effectiveUser == 0 && new.effective == Self.all)
    }

    @Test func `come not from a program that belongs to another user`() throws {
        let new = after(try status(ambient: Self.netRaw), ProgramPrivileges(user: 33, group: 44))
        #expect(new.effectiveUser == 33 && new.effectiveGroup == 44)
        #expect(new.permitted == 0 && new.effective == 0, "ambient ones end at a set-id program")
    }

    @Test func `are not gained by a task that may not gain any`() throws {
        let held = try status(noNewPrivileges: true)
        let rights = FileCapabilities(
            permitted: Self.netBind,
            inheritable: 0,
            isEffective: true
        )
        for file in [ProgramPrivileges(user: 0), ProgramPrivileges(capabilities: rights)] {
            let new = after(held, file)
            #expect(new.effectiveUser == 1000 && new.permitted == 0 && new.effective == 0)
        }
    }

    @Test(arguments: [true, false])
    func `come from the capabilities of the file`(isEffective: Bool) throws {
        let rights = FileCapabilities(
            permitted: Self.netBind | Self.netRaw,
            inheritable: 0,
            isEffective: isEffective
        )
        let new = after(
            try status(bounding: Self.netBind),
            ProgramPrivileges(capabilities: rights)
        )
        #expect(new.permitted == Self.netBind)
        #expect(new.effective == (isEffective ? Self.netBind : 0))
    }

    @Test func `are kept where task and file both let them pass on`() throws {
        let rights = FileCapabilities(
            permitted: 0,
            inheritable: Self.netRaw,
            isEffective: true
        )
        let new = after(
            try status(inheritable: Self.netRaw | Self.netBind),
            ProgramPrivileges(capabilities: rights)
        )
        #expect(new.effective == Self.netRaw)
    }

    @Test func `keep the ambient ones through an ordinary program`() throws {
        let new = after(try status(permitted: Self.netRaw, ambient: Self.netRaw))
        #expect(new.permitted == Self.netRaw && new.effective == Self.netRaw)
    }

    @Test func `of a set-id root program with capabilities are those and not all`() throws {
        let rights = FileCapabilities(permitted: Self.netRaw, inheritable: 0, isEffective: true)
        let new = after(try status(), ProgramPrivileges(user: 0, capabilities: rights))
        #expect(new.effectiveUser == 0 && new.effective == Self.netRaw)
    }

    @Test func `know who is root in a user namespace`() throws {
        let new = after(try status(user: 100_000), root: 100_000)
        #expect(new.effective == Self.all)
        #expect(after(try status(user: 100_000), root: nil).effective == 0)
        let foreign = FileCapabilities(
            permitted: Self.netRaw,
            inheritable: 0,
            isEffective: true,
            rootUser: 200_000
        )
        let file = ProgramPrivileges(capabilities: foreign)
        #expect(after(try status(), file).effective == 0)
        #expect(after(try status(), file, root: 200_000).effective == Self.netRaw)
    }
}
