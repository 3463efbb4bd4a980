//! The JSON of the REST2 API of Request Tracker, in its own spelling.

use std::borrow::Cow;

use ticket_core::decode::{
    Cursor, Field, FieldState, ItemBudget, OneOrMany, Raw, Scalar, SeqAccess, TextOr, WireValue,
};
use ticket_core::wire_struct;

wire_struct! {
    /// A ticket: the response of the ticket call, and an item of a search.
    pub(crate) struct Ticket {
        id: Scalar<'t>,
        record "type": String,
        url "_url": String,
        effective_id "EffectiveId": TextOr<'t, Reference<'t>>,
        ticket_type "Type": String,
        subject "Subject": String,
        status "Status": Scalar<'t>,
        priority "Priority": Scalar<'t>,
        initial_priority "InitialPriority": Scalar<'t>,
        final_priority "FinalPriority": Scalar<'t>,
        queue "Queue": Queue<'t>,
        owner "Owner": User<'t>,
        creator "Creator": User<'t>,
        last_updated_by "LastUpdatedBy": Raw<'t>,
        requestors "Requestor": Vec<FieldState<User<'t>>>,
        cc "Cc": Vec<FieldState<User<'t>>>,
        admin_cc "AdminCc": Vec<FieldState<User<'t>>>,
        custom_roles "CustomRoles": CustomRoles<'t>,
        custom_fields "CustomFields": ListOrEmpty<CustomField<'t>>,
        sla "SLA": String,
        created "Created": Scalar<'t>,
        starts "Starts": Scalar<'t>,
        started "Started": Scalar<'t>,
        due "Due": Scalar<'t>,
        resolved "Resolved": Scalar<'t>,
        told "Told": Scalar<'t>,
        last_updated "LastUpdated": Scalar<'t>,
        time_estimated "TimeEstimated": Scalar<'t>,
        time_left "TimeLeft": Scalar<'t>,
        time_worked "TimeWorked": Scalar<'t>,
        links "_hyperlinks": Vec<FieldState<Link<'t>>>,
    }
    keys roles "RT::CustomRole-": OneOrMany<User<'t>>
}

/// A list, or the text `""` that a search has instead if there is none.
#[derive(Debug)]
pub(crate) struct ListOrEmpty<T>(pub(crate) OneOrMany<T>);

impl<'t, T: WireValue<'t>> WireValue<'t> for ListOrEmpty<T> {
    const EXPECTED: &'static str = "a list";

    fn from_text(text: Cow<'t, str>) -> Option<Self> {
        text.is_empty().then(|| Self(OneOrMany::Many(Vec::new())))
    }

    fn from_list<A: SeqAccess<'t>>(
        list: A,
        budget: &ItemBudget,
    ) -> Result<FieldState<Self>, A::Error> {
        Ok(OneOrMany::from_list(list, budget)?.map(Self))
    }
}

wire_struct! {
    /// `CustomRoles` of a search.
    pub(crate) struct CustomRoles {}
    keys roles "RT::CustomRole-": OneOrMany<User<'t>>
}

wire_struct! {
    /// A reference to another record.
    pub(crate) struct Reference {
        id: Scalar<'t>,
        record "type": String,
        url "_url": String,
    }
}

wire_struct! {
    /// A reference to a user, or to a group as a watcher. The last three are there if they were asked for.
    pub(crate) struct User {
        id: Scalar<'t>,
        record "type": Scalar<'t>,
        url "_url": String,
        name "Name": String,
        real_name "RealName": String,
        email "EmailAddress": String,
    }
}

wire_struct! {
    /// `Queue`
    pub(crate) struct Queue {
        id: Scalar<'t>,
        record "type": String,
        url "_url": String,
        name "Name": String,
        lifecycle "Lifecycle": String,
    }
}

wire_struct! {
    /// An item of `CustomFields`. A value is a text, or an object for a file.
    pub(crate) struct CustomField {
        id: Scalar<'t>,
        record "type": String,
        url "_url": String,
        name: String,
        values: Raw<'t>,
    }
}

wire_struct! {
    /// An item of `_hyperlinks`: a link to another ticket or page, or to a part of the API.
    pub(crate) struct Link {
        relation "ref": Scalar<'t>,
        id: Scalar<'t>,
        record "type": String,
        url "_url": String,
        name: String,
        group_type: String,
        label: String,
        from: String,
        to: String,
        update: String,
    }
}

/// The items of a page.
type Items<T> = Field<Vec<FieldState<T>>>;

/// Declares a page of a list, and how what surrounds its items is read.
macro_rules! page {
    ($(#[$about:meta])* $name:ident of $item:ident) => {
        wire_struct! {
            $(#[$about])*
            pub(crate) struct $name {
                items: Vec<FieldState<$item<'t>>>,
                total: Scalar<'t>,
                count: Scalar<'t>,
                page: Scalar<'t>,
                pages: Raw<'t>,
                per_page: Scalar<'t>,
                next_page: String,
                prev_page: String,
            }
        }

        impl<'t> $name<'t> {
            /// Reads what surrounds the items; returns them and how many there are in all, as RT claims.
            pub(crate) fn open(self, cursor: &Cursor<'_>) -> (Items<$item<'t>>, Option<u64>) {
                // RT calculates `pages`, and prints 0 as 0.0.
                let Self { items, total, count, page, pages: _, per_page, next_page, prev_page, unknown } = self;
                cursor.unknown(unknown);
                for number in [count, page, per_page] {
                    cursor.count(number);
                }
                cursor.text(next_page);
                cursor.text(prev_page);
                (items, cursor.count(total))
            }
        }
    };
}

page! {
    /// A page of a search.
    TicketPage of Ticket
}

page! {
    /// A page of the history.
    HistoryPage of Transaction
}

page! {
    /// A page of the attachments of a ticket.
    AttachmentPage of Attachment
}

page! {
    /// The texts of some attachments.
    TextPage of Text
}

wire_struct! {
    /// An event in the history of a ticket.
    pub(crate) struct Transaction {
        id: Scalar<'t>,
        record "type": String,
        url "_url": String,
        event "Type": Scalar<'t>,
        field "Field": String,
        old_value "OldValue": Scalar<'t>,
        new_value "NewValue": Scalar<'t>,
        data "Data": Scalar<'t>,
        created "Created": Scalar<'t>,
        creator "Creator": User<'t>,
    }
}

wire_struct! {
    /// A part of an e-mail: a container of other parts, a text, or a file.
    pub(crate) struct Attachment {
        id: Scalar<'t>,
        record "type": String,
        url "_url": String,
        transaction "TransactionId": Scalar<'t>,
        content_type "ContentType": Scalar<'t>,
        filename "Filename": String,
        message_id "MessageId": String,
        size "ContentLength": Scalar<'t>,
    }
}

wire_struct! {
    /// An attachment with its content.
    pub(crate) struct File {
        content_type "ContentType": String,
        content "Content": String,
    }
}

wire_struct! {
    /// The text of an attachment.
    pub(crate) struct Text {
        id: Scalar<'t>,
        record "type": String,
        url "_url": String,
        content "Content": String,
    }
}

wire_struct! {
    /// A custom role.
    pub(crate) struct CustomRole {
        id: Scalar<'t>,
        name "Name": String,
        description "Description": String,
        disabled "Disabled": String,
        entry_hint "EntryHint": String,
        max_values "MaxValues": String,
        created "Created": String,
        creator "Creator": Raw<'t>,
        last_updated "LastUpdated": String,
        last_updated_by "LastUpdatedBy": Raw<'t>,
        links "_hyperlinks": Raw<'t>,
    }
}

wire_struct! {
    /// The body of an error response: `{"message": "Forbidden"}`.
    pub(crate) struct Rejection {
        message: String,
    }
}
