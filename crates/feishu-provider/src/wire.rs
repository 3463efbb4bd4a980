//! The JSON of the Feishu Helpdesk, in its own spelling.

use ticket_core::decode::{Members, OneOrMany, Raw, Sent, TextOr};
use ticket_core::object;

object! {
    /// The answer of the ticket call.
    pub(crate) struct Envelope {
        code: Raw<'t>,
        msg: String,
        data: Data<'t>,
    }
}

object! {
    /// `data`
    pub(crate) struct Data {
        ticket: Ticket<'t>,
    }
}

object! {
    /// `data.ticket`; integers may come as text, and texts that are ids as integers.
    pub(crate) struct Ticket {
        ticket_id: Raw<'t>,
        helpdesk_id: Raw<'t>,
        guest: User<'t>,
        /// An object on the pages, a list in events and in the withdrawn export.
        comments: OneOrMany<Comment<'t>>,
        ticket_type: Raw<'t>,
        status: Raw<'t>,
        score: Raw<'t>,
        created_at: Raw<'t>,
        updated_at: Raw<'t>,
        closed_at: Raw<'t>,
        /// An object on the pages; live answers send a list, at which the official Go client fails.
        dissatisfaction_reason: OneOrMany<TextOr<'t, Members<'t>>>,
        agents: Vec<Sent<User<'t>>>,
        channel: Raw<'t>,
        solve: Raw<'t>,
        closed_by: User<'t>,
        collaborators: Vec<Sent<User<'t>>>,
        customized_fields: Vec<Sent<CustomizedField<'t>>>,
        agent_service_duration: Raw<'t>,
        agent_first_response_duration: Raw<'t>,
        bot_service_duration: Raw<'t>,
        agent_resolution_time: Raw<'t>,
        actual_processing_time: Raw<'t>,
        agent_entry_time: Raw<'t>,
        agent_first_response_time: Raw<'t>,
        agent_last_response_time: Raw<'t>,
        agent_owner: User<'t>,
        tags: Vec<Sent<Tag<'t>>>,
    }
}

object! {
    /// `ticket_user`
    pub(crate) struct User {
        id: Raw<'t>,
        avatar_url: String,
        name: String,
        email: String,
        department: String,
        city: String,
        country: String,
    }
}

object! {
    /// `data.ticket.comments`
    pub(crate) struct Comment {
        content: String,
        created_at: Raw<'t>,
        id: Raw<'t>,
        user_avatar_url: String,
        user_name: String,
        /// An integer beyond 2^53.
        user_id: Raw<'t>,
    }
}

object! {
    /// `data.ticket.customized_fields[]`
    pub(crate) struct CustomizedField {
        id: Raw<'t>,
        /// Documented as text; what live answers hold depends on the kind of field.
        value: Raw<'t>,
        key_name: String,
        display_name: String,
        /// An integer here, a text in the definitions of fields.
        position: Raw<'t>,
        required: bool,
        editable: bool,
    }
}

object! {
    /// `data.ticket.tags[]`
    pub(crate) struct Tag {
        id: Raw<'t>,
        name: String,
    }
}

object! {
    /// An answer that refuses, of any call.
    pub(crate) struct Refusal {
        code: Raw<'t>,
        msg: String,
        error: Details<'t>,
    }
}

object! {
    /// `error`
    pub(crate) struct Details {
        /// The pages write it without the underscore, the service with it.
        log_id: Raw<'t>,
        logid: Raw<'t>,
        field_violations: Vec<Sent<FieldViolation<'t>>>,
        permission_violations: Vec<Sent<PermissionViolation<'t>>>,
    }
}

object! {
    /// `error.field_violations[]`
    pub(crate) struct FieldViolation {
        field: String,
        description: String,
    }
}

object! {
    /// `error.permission_violations[]`; the pages write `scope`, the service `subject`.
    pub(crate) struct PermissionViolation {
        scope: String,
        subject: String,
    }
}

object! {
    /// The answer of the token call, which has no `data`.

    pub(crate) struct Token {
        code: Raw<'t>,
        tenant_access_token: String,
        /// Seconds that are left.
        expire: Raw<'t>,
    }
}
