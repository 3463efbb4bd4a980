//! The JSON of the Feishu Helpdesk: one struct per object, with the service's own keys.

use ticket_core::decode::{FieldState, Members, OneOrMany, Raw, Scalar, TextOr};
use ticket_core::wire_struct;

wire_struct! {
    /// The response of the ticket call.
    pub(crate) struct Envelope {
        code: Scalar<'t>,
        msg: String,
        data: Data<'t>,
    }
}

wire_struct! {
    /// `data`
    pub(crate) struct Data {
        ticket: Ticket<'t>,
    }
}

wire_struct! {
    /// `data.ticket`. Integers may be sent as text, and ids as integers.
    pub(crate) struct Ticket {
        ticket_id: Scalar<'t>,
        helpdesk_id: Scalar<'t>,
        guest: User<'t>,
        /// An object in the documentation, a list in events and in the withdrawn export.
        comments: OneOrMany<Comment<'t>>,
        ticket_type: Scalar<'t>,
        status: Scalar<'t>,
        score: Scalar<'t>,
        created_at: Scalar<'t>,
        updated_at: Scalar<'t>,
        closed_at: Scalar<'t>,
        /// An object in the documentation; live responses send a list (the official Go client fails on it).
        dissatisfaction_reason: OneOrMany<TextOr<'t, Members<'t>>>,
        agents: Vec<FieldState<User<'t>>>,
        channel: Scalar<'t>,
        solve: Scalar<'t>,
        closed_by: User<'t>,
        collaborators: Vec<FieldState<User<'t>>>,
        customized_fields: Vec<FieldState<CustomizedField<'t>>>,
        agent_service_duration: Raw<'t>,
        agent_first_response_duration: Scalar<'t>,
        bot_service_duration: Scalar<'t>,
        agent_resolution_time: Scalar<'t>,
        actual_processing_time: Scalar<'t>,
        agent_entry_time: Scalar<'t>,
        agent_first_response_time: Scalar<'t>,
        agent_last_response_time: Scalar<'t>,
        agent_owner: User<'t>,
        tags: Vec<FieldState<Tag<'t>>>,
    }
}

wire_struct! {
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

wire_struct! {
    /// `data.ticket.comments`
    pub(crate) struct Comment {
        content: String,
        created_at: Scalar<'t>,
        id: Scalar<'t>,
        user_avatar_url: String,
        user_name: String,
        /// An integer above 2^53.
        user_id: Scalar<'t>,
    }
}

wire_struct! {
    /// `data.ticket.customized_fields[]`
    pub(crate) struct CustomizedField {
        id: Scalar<'t>,
        /// Documented as text; in live responses it depends on the type of field.
        value: Raw<'t>,
        key_name: String,
        display_name: String,
        /// An integer here, text in the field definitions.
        position: Scalar<'t>,
        required: bool,
        editable: bool,
    }
}

wire_struct! {
    /// `data.ticket.tags[]`
    pub(crate) struct Tag {
        id: Scalar<'t>,
        name: String,
    }
}

wire_struct! {
    /// The response of the list call.
    pub(crate) struct ListEnvelope {
        code: Scalar<'t>,
        msg: String,
        data: ListData<'t>,
    }
}

wire_struct! {
    /// `data` of the list call
    pub(crate) struct ListData {
        tickets: Vec<FieldState<Ticket<'t>>>,
        /// The number of matches, at most 10,000.
        total: Scalar<'t>,
    }
}

wire_struct! {
    /// The response of the messages call.
    pub(crate) struct MessagesEnvelope {
        code: Scalar<'t>,
        msg: String,
        data: MessagesData<'t>,
    }
}

wire_struct! {
    /// `data` of the messages call
    pub(crate) struct MessagesData {
        messages: Vec<FieldState<Message<'t>>>,
        total: Scalar<'t>,
    }
}

wire_struct! {
    /// `data.messages[]`
    pub(crate) struct Message {
        id: Scalar<'t>,
        /// The id in the chat.
        message_id: Scalar<'t>,
        message_type: Scalar<'t>,
        /// An integer in the documentation since 2023, a text before.
        created_at: Scalar<'t>,
        /// JSON in a text; plain text of old tenants.
        content: String,
        user_name: String,
        avatar_url: String,
        user_id: Scalar<'t>,
    }
}

wire_struct! {
    /// The response of the call for field definitions.
    pub(crate) struct FieldsEnvelope {
        code: Scalar<'t>,
        data: FieldsData<'t>,
    }
}

wire_struct! {
    /// `data` of the call for field definitions
    pub(crate) struct FieldsData {
        items: Vec<FieldState<FieldDefinition<'t>>>,
        has_more: bool,
        next_page_token: String,
    }
}

wire_struct! {
    /// `data.items[]`: the definition of a custom field. Only what turns an option into its label is read.
    pub(crate) struct FieldDefinition {
        ticket_customized_field_id: Scalar<'t>,
        dropdown_options: Options<'t>,
    }
}

wire_struct! {
    /// `data.items[].dropdown_options`
    pub(crate) struct Options {
        /// The options: `tag`, `display_name` and, up to three levels deep, `children`.
        children: Raw<'t>,
    }
}

wire_struct! {
    /// The error response of any call.
    pub(crate) struct ErrorResponse {
        code: Scalar<'t>,
        msg: String,
        error: Details<'t>,
    }
}

wire_struct! {
    /// `error`
    pub(crate) struct Details {
        /// Sent by the service; the documentation says `logid`.
        log_id: Scalar<'t>,
        logid: Scalar<'t>,
        field_violations: Vec<FieldState<FieldViolation<'t>>>,
        permission_violations: Vec<FieldState<PermissionViolation<'t>>>,
    }
}

wire_struct! {
    /// `error.field_violations[]`
    pub(crate) struct FieldViolation {
        field: String,
        description: String,
    }
}

wire_struct! {
    /// `error.permission_violations[]`; documented with `scope`, sent with `subject`.
    pub(crate) struct PermissionViolation {
        scope: String,
        subject: String,
    }
}

wire_struct! {
    /// The response of the token call; it has no `data`.
    pub(crate) struct Token {
        code: Scalar<'t>,
        tenant_access_token: String,
        /// The remaining lifetime in seconds.
        expire: Scalar<'t>,
    }
}

wire_struct! {
    /// What may be given instead of a ticket: an event of either form, or the response of another call.
    pub(crate) struct Other {
        header: EventHeader<'t>,
        event: Event<'t>,
        /// `event_callback` or `url_verification`; only in the old form.
        event_type "type": String,
        encrypt: String,
        data: OtherData<'t>,
    }
}

wire_struct! {
    /// `header`
    pub(crate) struct EventHeader {
        event_type: String,
    }
}

wire_struct! {
    /// `event`
    pub(crate) struct Event {
        ticket_id: Scalar<'t>,
        /// The ticket in an update.
        object: Named<'t>,
        /// The ticket of a message.
        ticket: Named<'t>,
        /// The name of the event in the old form.
        event_type "type": String,
    }
}

wire_struct! {
    /// Anything with the id of a ticket.
    pub(crate) struct Named {
        ticket_id: Scalar<'t>,
    }
}

wire_struct! {
    /// `data` of a list.
    pub(crate) struct OtherData {
        tickets: Vec<FieldState<Named<'t>>>,
        messages: Vec<FieldState<Raw<'t>>>,
    }
}
