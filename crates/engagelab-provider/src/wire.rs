//! The JSON of EngageLab LiveDesk: one struct per object, with the service's own keys.

use ticket_core::decode::{FieldState, Members, OneOrMany, Raw, Scalar, TextOr};
use ticket_core::wire_struct;

wire_struct! {
    /// The response of the ticket endpoints.
    pub(crate) struct Envelope {
        code: Scalar<'t>,
        message: String,
        data: Ticket<'t>,
    }
}

wire_struct! {
    /// `data`
    pub(crate) struct Ticket {
        ticket_id: Scalar<'t>,
        title: String,
        description: String,
        attachments: Vec<FieldState<Attachment<'t>>>,
        status: Scalar<'t>,
        priority: Scalar<'t>,
        ticket_type: Scalar<'t>,
        requester: Requester<'t>,
        submitter: Member<'t>,
        /// An object in responses; the plain name in the documentation of the create call.
        assignment_team: TextOr<'t, Team<'t>>,
        custom_fields: Members<'t>,
        conversation_list: Vec<FieldState<Message<'t>>>,
        status_changes: Vec<FieldState<StatusChange<'t>>>,
        tags: Vec<FieldState<Scalar<'t>>>,
        /// An object; may be a list, like similar keys.
        sla: OneOrMany<Sla<'t>>,
        followers: Vec<FieldState<TextOr<'t, Member<'t>>>>,
        /// An object, despite its plural name.
        satisfactions: OneOrMany<Satisfaction<'t>>,
        created_at: Scalar<'t>,
        updated_at: Scalar<'t>,
        resolved_at: Scalar<'t>,
        closed_at: Scalar<'t>,
    }
}

wire_struct! {
    /// A file of a ticket or of a message.
    pub(crate) struct Attachment {
        file_name: String,
        file_type: String,
        file_url: String,
        /// Text in the table of the page, a number in its oldest example.
        file_size: Scalar<'t>,
    }
}

wire_struct! {
    /// `data.requester`
    pub(crate) struct Requester {
        euid: Scalar<'t>,
        name: String,
        email: String,
        phone: String,
        /// An object, despite its plural name.
        channel_contacts: OneOrMany<ChannelContact<'t>>,
    }
}

wire_struct! {
    /// `data.requester.channel_contacts`
    pub(crate) struct ChannelContact {
        channel_id: Scalar<'t>,
        contact_id: Scalar<'t>,
        sub_contact_id: Scalar<'t>,
        /// Texts in the example of the page, objects in its table.
        followers: Vec<FieldState<TextOr<'t, Member<'t>>>>,
    }
}

wire_struct! {
    /// A submitter or a follower.
    pub(crate) struct Member {
        id: Scalar<'t>,
        name: String,
    }
}

wire_struct! {
    /// `data.assignment_team`
    pub(crate) struct Team {
        id: Scalar<'t>,
        name: String,
    }
}

wire_struct! {
    /// `data.conversation_list[]`
    pub(crate) struct Message {
        message_id: Scalar<'t>,
        sender: Sender<'t>,
        content: String,
        content_type: Scalar<'t>,
        attachments: Vec<FieldState<Attachment<'t>>>,
        sent_at: Scalar<'t>,
        is_internal: bool,
    }
}

wire_struct! {
    /// `data.conversation_list[].sender`
    pub(crate) struct Sender {
        id: Scalar<'t>,
        sender_type "type": Scalar<'t>,
        name: String,
    }
}

wire_struct! {
    /// `data.status_changes[]`
    pub(crate) struct StatusChange {
        to_status: Scalar<'t>,
        changed_at: Scalar<'t>,
        changed_by_type: Scalar<'t>,
        changed_by_id: Scalar<'t>,
    }
}

wire_struct! {
    /// `data.sla`
    pub(crate) struct Sla {
        first_response_due: Scalar<'t>,
        resolution_due: Scalar<'t>,
        first_response_at: Scalar<'t>,
        breached: bool,
    }
}

wire_struct! {
    /// `data.satisfactions`
    pub(crate) struct Satisfaction {
        rating: Scalar<'t>,
        feedback: String,
        submitted_at: Scalar<'t>,
    }
}

wire_struct! {
    /// An error response. None is documented; these are the formats of other EngageLab products, and of the software that
    /// LiveDesk is based on.
    pub(crate) struct ErrorResponse {
        code: Scalar<'t>,
        message: String,
        error: TextOr<'t, NestedError<'t>>,
    }
}

wire_struct! {
    /// `error`
    pub(crate) struct NestedError {
        code: Scalar<'t>,
        message: String,
    }
}

wire_struct! {
    /// What may be given instead of a ticket: an event, or the response of a list call.
    pub(crate) struct Other {
        event: String,
        data: Vec<FieldState<Raw<'t>>>,
        payload: Vec<FieldState<Raw<'t>>>,
    }
}
