//! The JSON of Acorn Desk, with its own names.

use ticket_core::decode::{FieldState, Members, Scalar};
use ticket_core::wire_struct;

wire_struct! {
    /// The response.
    pub(crate) struct Response {
        ticket: Ticket<'t>,
        request: String,
    }
}

wire_struct! {
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
        labels: Vec<FieldState<Scalar<'t>>>,
        language: String,
        custom_fields: Members<'t>,
        messages: Vec<FieldState<Message<'t>>>,
    }
}

wire_struct! {
    /// `/ticket/customer`
    pub(crate) struct Customer {
        id: Scalar<'t>,
        name: String,
        email: String,
    }
}

wire_struct! {
    /// `/ticket/agent`
    pub(crate) struct Agent {
        id: Scalar<'t>,
        name: String,
    }
}

wire_struct! {
    /// `/ticket/messages/[i]`
    pub(crate) struct Message {
        id: Scalar<'t>,
        role: Scalar<'t>,
        text: String,
        sent_at: Scalar<'t>,
        internal: bool,
    }
}
