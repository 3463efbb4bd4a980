//! The JSON of Acorn Desk, in its own spelling.

use ticket_core::decode::{Raw, Sent, TextOr};
use ticket_core::object;

object! {
    /// The answer.
    pub(crate) struct Envelope {
        ticket: Ticket<'t>,
        request: String,
    }
}

object! {
    /// `/ticket`
    pub(crate) struct Ticket {
        id: Raw<'t>,
        subject: String,
        body: String,
        state: Raw<'t>,
        urgency: Raw<'t>,
        opened_at: Raw<'t>,
        changed_at: Raw<'t>,
        closed_at: Raw<'t>,
        customer: Customer<'t>,
        agent: Agent<'t>,
        labels: Vec<Sent<Raw<'t>>>,
        messages: Vec<Sent<Message<'t>>>,
    }
}

object! {
    /// `/ticket/customer`
    pub(crate) struct Customer {
        id: Raw<'t>,
        name: String,
        email: String,
    }
}

object! {
    /// `/ticket/agent`
    pub(crate) struct Agent {
        id: Raw<'t>,
        name: String,
    }
}

object! {
    /// `/ticket/messages/[i]`
    pub(crate) struct Message {
        id: Raw<'t>,
        role: Raw<'t>,
        text: String,
        sent_at: Raw<'t>,
        internal: bool,
    }
}

object! {
    /// An answer that refuses, in the form that most services use.
    pub(crate) struct Refusal {
        code: Raw<'t>,
        message: String,
        error: TextOr<'t, Told<'t>>,
    }
}

object! {
    /// `/error`, where it is an object.
    pub(crate) struct Told {
        code: Raw<'t>,
        message: String,
    }
}
