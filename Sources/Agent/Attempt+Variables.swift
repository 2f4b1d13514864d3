// The variables of an attempt: when they begin and end, and what a process gets whose fork the
// kernel has not told of yet.

import LinuxSystem
import Policy

extension Attempt {
    /// Begins with the variables of a rule set; without any, this does nothing.
    func beginVariables(of rules: RuleSet, program: VariableSession.Program) {
        variables.begin(rules.variables, program: program)
        // Its fork has not been told of yet.
        if !rules.variables.isEmpty, process.node == nil { inheritVariables() }
    }

    /// Ends the judgement: what rules have set counts from now on, or never did.
    func settleVariables(_ outcome: VariableSession.Outcome) {
        variables.end(outcome, process: process.pid)
    }

    /// Passes on what the nearest ancestor has, as its fork will or would have.
    ///
    /// An ancestor that the tree knows has got its own already.
    func inheritVariables() {
        guard store.hasProcesses else { return }
        for ancestor in lineage {
            if ancestor.node != nil || store.hasValues(ancestor.pid) {
                let now = KernelClock.monotonic.nanoseconds
                return store.fork(parent: ancestor.pid, child: process.pid, at: now)
            }
        }
    }
}

extension AgentState {
    /// Makes the variables of processes agree with a listing, after events were lost.
    func followVariables(_ survey: [ProcessSnapshot]) {
        guard variables.hasProcesses else { return }
        variables.keep(only: Set(survey.map(\.node.pid)))
        let now = KernelClock.monotonic.nanoseconds
        // Parents before their children.
        for snapshot in survey.sorted(by: {
            $0.node.startNanoseconds < $1.node.startNanoseconds
        }) where tree.process(snapshot.node.pid) == nil {
            variables.fork(parent: snapshot.parent, child: snapshot.node.pid, at: now)
        }
    }
}
