//! The JSON of the Feishu Helpdesk, in its own spelling.

use ticket_core::decode::{Members, OneOrMany, Raw, Scalar, Sent, TextOr};
use ticket_core::object;

object! {
    /// The answer of the ticket call.
    pub(crate) struct Envelope {
        code: Scalar<'t>,
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
        ticket_id: Scalar<'t>,
        helpdesk_id: Scalar<'t>,
        guest: User<'t>,
        /// An object on the pages, a list in events and in the withdrawn export.
        comments: OneOrMany<Comment<'t>>,
        ticket_type: Scalar<'t>,
        status: Scalar<'t>,
        score: Scalar<'t>,
        created_at: Scalar<'t>,
        updated_at: Scalar<'t>,
        closed_at: Scalar<'t>,
        /// An object on the pages; live answers send a list, at which the official Go client fails.
        dissatisfaction_reason: OneOrMany<TextOr<'t, Members<'t>>>,
        agents: Vec<Sent<User<'t>>>,
        channel: Scalar<'t>,
        solve: Scalar<'t>,
        closed_by: User<'t>,
        collaborators: Vec<Sent<User<'t>>>,
        customized_fields: Vec<Sent<CustomizedField<'t>>>,
        agent_service_duration: Raw<'t>,
        agent_first_response_duration: Scalar<'t>,
        bot_service_duration: Scalar<'t>,
        agent_resolution_time: Scalar<'t>,
        actual_processing_time: Scalar<'t>,
        agent_entry_time: Scalar<'t>,
        agent_first_response_time: Scalar<'t>,
        agent_last_response_time: Scalar<'t>,
        agent_owner: User<'t>,
        tags: Vec<Sent<Tag<'t>>>,
    }
}

object! {
    /// `ticket_user`
    pub(crate) struct User {
        id: Scalar<'t>,
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
        created_at: Scalar<'t>,
        id: Scalar<'t>,
        user_avatar_url: String,
        user_name: String,
        /// An integer beyond 2^53.
        user_id: Scalar<'t>,
    }
}

object! {
    /// `data.ticket.customized_fields[]`
    pub(crate) struct CustomizedField {
        id: Scalar<'t>,
        /// Documented as text; what live answers hold depends on the kind of field.
        value: Raw<'t>,
        key_name: String,
        display_name: String,
        /// An integer here, a text in the definitions of fields.
        position: Scalar<'t>,
        required: bool,
        editable: bool,
    }
}

object! {
    /// `data.ticket.tags[]`
    pub(crate) struct Tag {
        id: Scalar<'t>,
        name: String,
    }
}

object! {
    /// An answer that refuses, of any call.
    pub(crate) struct Refusal {
        code: Scalar<'t>,
        msg: String,
        error: Details<'t>,
    }
}

object! {
    /// `error`
    pub(crate) struct Details {
        /// The pages write it without the underscore, the service with it.
        log_id: Scalar<'t>,
        logid: Scalar<'t>,
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
        code: Scalar<'t>,
        tenant_access_token: String,
        /// Seconds that are left.
        expire: Scalar<'t>,
    }
}
