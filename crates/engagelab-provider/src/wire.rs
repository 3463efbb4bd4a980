//! The JSON of EngageLab LiveDesk, in its own spelling.

use ticket_core::decode::{Members, OneOrMany, Raw, Sent, TextOr};
use ticket_core::object;

object! {
    /// The answer of the ticket endpoints.
    pub(crate) struct Envelope {
        code: Raw<'t>,
        message: String,
        data: Ticket<'t>,
    }
}

object! {
    /// `data`
    pub(crate) struct Ticket {
        ticket_id: Raw<'t>,
        title: String,
        description: String,
        attachments: Vec<Sent<Attachment<'t>>>,
        status: Raw<'t>,
        priority: Raw<'t>,
        ticket_type: Raw<'t>,
        requester: Requester<'t>,
        submitter: Member<'t>,
        /// An object in answers; the bare name in the page of the create call.
        assignment_team: TextOr<'t, Team<'t>>,
        custom_fields: Members<'t>,
        conversation_list: Vec<Sent<Message<'t>>>,
        status_changes: Vec<Sent<StatusChange<'t>>>,
        tags: Vec<Sent<Raw<'t>>>,
        /// An object; like its neighbours with a name in the plural it may come as a list.
        sla: OneOrMany<Sla<'t>>,
        followers: Vec<Sent<TextOr<'t, Member<'t>>>>,
        /// An object, in spite of its name.
        satisfactions: OneOrMany<Satisfaction<'t>>,
        created_at: Raw<'t>,
        updated_at: Raw<'t>,
        resolved_at: Raw<'t>,
        closed_at: Raw<'t>,
    }
}

object! {
    /// A file of a ticket or of a message.
    pub(crate) struct Attachment {
        file_name: String,
        file_type: String,
        file_url: String,
        /// A text in the table of the page, a number in its oldest example.
        file_size: Raw<'t>,
    }
}

object! {
    /// `data.requester`
    pub(crate) struct Requester {
        euid: Raw<'t>,
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
        channel_id: Raw<'t>,
        contact_id: Raw<'t>,
        sub_contact_id: Raw<'t>,
        /// Texts in the example of the page, objects in its table.
        followers: Vec<Sent<TextOr<'t, Member<'t>>>>,
    }
}

object! {
    /// A submitter or a follower.
    pub(crate) struct Member {
        id: Raw<'t>,
        name: String,
    }
}

object! {
    /// `data.assignment_team`
    pub(crate) struct Team {
        id: Raw<'t>,
        name: String,
    }
}

object! {
    /// `data.conversation_list[]`
    pub(crate) struct Message {
        message_id: Raw<'t>,
        sender: Sender<'t>,
        content: String,
        content_type: Raw<'t>,
        attachments: Vec<Sent<Attachment<'t>>>,
        sent_at: Raw<'t>,
        is_internal: bool,
    }
}

object! {
    /// `data.conversation_list[].sender`
    pub(crate) struct Sender {
        id: Raw<'t>,
        sender_type "type": Raw<'t>,
        name: String,
    }
}

object! {
    /// `data.status_changes[]`
    pub(crate) struct StatusChange {
        to_status: Raw<'t>,
        changed_at: Raw<'t>,
        changed_by_type: Raw<'t>,
        changed_by_id: Raw<'t>,
    }
}

object! {
    /// `data.sla`
    pub(crate) struct Sla {
        first_response_due: Raw<'t>,
        resolution_due: Raw<'t>,
        first_response_at: Raw<'t>,
        breached: bool,
    }
}

object! {
    /// `data.satisfactions`
    pub(crate) struct Satisfaction {
        rating: Raw<'t>,
        feedback: String,
        submitted_at: Raw<'t>,
    }
}

object! {
    /// An answer that refuses. None is documented; these are the forms of the sibling products, and of the
    /// software that LiveDesk descends from.
    pub(crate) struct Refusal {
        code: Raw<'t>,
        message: String,
        error: TextOr<'t, NestedRefusal<'t>>,
    }
}

object! {
    /// `error`
    pub(crate) struct NestedRefusal {
        code: Raw<'t>,
        message: String,
    }
}
