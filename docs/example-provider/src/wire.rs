//! The JSON of Acorn Desk, in its own spelling.

use ticket_core::decode::{Members, Scalar, Sent, TextOr};
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
        id: Scalar<'t>,
        subject: String,
        body: String,
        state: Scalar<'t>,
        urgency: Scalar<'t>,
        opened_at: Scalar<'t>,
        changed_at: Scalar<'t>,
        closed_at: Scalar<'t>,
        customer: Customer<'t>,
        agent: Agent<'t>,
        labels: Vec<Sent<Scalar<'t>>>,
        language: String,
        custom_fields: Members<'t>,
        messages: Vec<Sent<Message<'t>>>,
    }
}

object! {
    /// `/ticket/customer`
    pub(crate) struct Customer {
        id: Scalar<'t>,
        name: String,
        email: String,
    }
}

object! {
    /// `/ticket/agent`
    pub(crate) struct Agent {
        id: Scalar<'t>,
        name: String,
    }
}

object! {
    /// `/ticket/messages/[i]`
    pub(crate) struct Message {
        id: Scalar<'t>,
        role: Scalar<'t>,
        text: String,
        sent_at: Scalar<'t>,
        internal: bool,
    }
}

object! {
    /// An answer that refuses, in the form that most services use.
    pub(crate) struct Refusal {
        code: Scalar<'t>,
        message: String,
        error: TextOr<'t, Told<'t>>,
    }
}

object! {
    /// `/error`, where it is an object.
    pub(crate) struct Told {
        code: Scalar<'t>,
        message: String,
    }
}
