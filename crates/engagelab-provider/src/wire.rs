//! The JSON of EngageLab LiveDesk, in its own spelling.

use ticket_core::decode::{Members, OneOrMany, Scalar, Sent, TextOr};
use ticket_core::object;

object! {
    /// The answer of the ticket endpoints.
    pub(crate) struct Envelope {
        code: Scalar<'t>,
        message: String,
        data: Ticket<'t>,
    }
}

object! {
    /// `data`
    pub(crate) struct Ticket {
        ticket_id: Scalar<'t>,
        title: String,
        description: String,
        attachments: Vec<Sent<Attachment<'t>>>,
        status: Scalar<'t>,
        priority: Scalar<'t>,
        ticket_type: Scalar<'t>,
        requester: Requester<'t>,
        submitter: Member<'t>,
        /// An object in answers; the bare name in the page of the create call.
        assignment_team: TextOr<'t, Team<'t>>,
        custom_fields: Members<'t>,
        conversation_list: Vec<Sent<Message<'t>>>,
        status_changes: Vec<Sent<StatusChange<'t>>>,
        tags: Vec<Sent<Scalar<'t>>>,
        /// An object; like its neighbours with a name in the plural it may come as a list.
        sla: OneOrMany<Sla<'t>>,
        followers: Vec<Sent<TextOr<'t, Member<'t>>>>,
        /// An object, in spite of its name.
        satisfactions: OneOrMany<Satisfaction<'t>>,
        created_at: Scalar<'t>,
        updated_at: Scalar<'t>,
        resolved_at: Scalar<'t>,
        closed_at: Scalar<'t>,
    }
}

object! {
    /// A file of a ticket or of a message.
    pub(crate) struct Attachment {
        file_name: String,
        file_type: String,
        file_url: String,
        /// A text in the table of the page, a number in its oldest example.
        file_size: Scalar<'t>,
    }
}

object! {
    /// `data.requester`
    pub(crate) struct Requester {
        euid: Scalar<'t>,
        name: String,
        email: String,
        phone: String,
        /// An object, in spite of its name.
        channel_contacts: OneOrMany<ChannelContact<'t>>,
    }
}

object! {
    /// `data.requester.channel_contacts`
    pub(crate) struct ChannelContact {
        channel_id: Scalar<'t>,
        contact_id: Scalar<'t>,
        sub_contact_id: Scalar<'t>,
        /// Texts in the example of the page, objects in its table.
        followers: Vec<Sent<TextOr<'t, Member<'t>>>>,
    }
}

object! {
    /// A submitter or a follower.
    pub(crate) struct Member {
        id: Scalar<'t>,
        name: String,
    }
}

object! {
    /// `data.assignment_team`
    pub(crate) struct Team {
        id: Scalar<'t>,
        name: String,
    }
}

object! {
    /// `data.conversation_list[]`
    pub(crate) struct Message {
        message_id: Scalar<'t>,
        sender: Sender<'t>,
        content: String,
        content_type: Scalar<'t>,
        attachments: Vec<Sent<Attachment<'t>>>,
        sent_at: Scalar<'t>,
        is_internal: bool,
    }
}

object! {
    /// `data.conversation_list[].sender`
    pub(crate) struct Sender {
        id: Scalar<'t>,
        sender_type "type": Scalar<'t>,
        name: String,
    }
}

object! {
    /// `data.status_changes[]`
    pub(crate) struct StatusChange {
        to_status: Scalar<'t>,
        changed_at: Scalar<'t>,
        changed_by_type: Scalar<'t>,
        changed_by_id: Scalar<'t>,
    }
}

object! {
    /// `data.sla`
    pub(crate) struct Sla {
        first_response_due: Scalar<'t>,
        resolution_due: Scalar<'t>,
        first_response_at: Scalar<'t>,
        breached: bool,
    }
}

object! {
    /// `data.satisfactions`
    pub(crate) struct Satisfaction {
        rating: Scalar<'t>,
        feedback: String,
        submitted_at: Scalar<'t>,
    }
}

object! {
    /// An answer that refuses. None is documented; these are the forms of the sibling products, and of the
    /// software that LiveDesk descends from.
    pub(crate) struct Refusal {
        code: Scalar<'t>,
        message: String,
        error: TextOr<'t, NestedRefusal<'t>>,
    }
}

object! {
    /// `error`
    pub(crate) struct NestedRefusal {
        code: Scalar<'t>,
        message: String,
    }
}
