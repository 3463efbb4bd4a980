//! The responses of one fetch as one tree, so that a rule can name a value of any of them.

use std::collections::HashMap;

use super::description::MappingDescription;
use super::pattern::{Bindings, Pattern, Reach};
use super::tree::{Path, Step, Tree, pointer};
use crate::{Error, Response};

/// The responses of one fetch as one tree.
///
/// The response of the ticket call is its root. The responses of another operation are a list at a key such as `list_messages#`, and a
/// [`pointer`](Self::pointer) names them `list_messages[0]#/…`, as decoding does.
#[derive(Debug)]
pub struct ResponseTree {
    /// The tree.
    pub tree: Tree,
    joined: HashMap<String, Joined>,
}

/// A list that came in several pages: where each item is.
#[derive(Debug)]
struct Joined {
    /// The number of steps from the root to the list.
    depth: usize,
    list: PagedList,
    /// The index of each id.
    ids: HashMap<String, usize>,
    /// The page and the index of each item.
    places: Vec<(usize, usize)>,
}

/// A list that comes in several pages, each in a response of its own.
///
/// In the ticket, the items of all pages are one list, each id once.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct PagedList {
    /// The operation of the pages.
    pub operation: &'static str,
    /// The pointer of the list in each page.
    pub items: &'static str,
    /// The key of the id of an item.
    pub id: &'static str,
    /// The lists of the ticket whose items have this id, where their index is not the index of the item.
    pub targets: &'static [&'static str],
}

impl ResponseTree {
    /// Parses the responses of a fetch, each in a place of its own.
    ///
    /// # Errors
    /// - [`InvalidRequest`](crate::ErrorKind::InvalidRequest): there is no response of the ticket call.
    /// - [`InvalidResponse`](crate::ErrorKind::InvalidResponse): a response is not JSON.
    pub fn parse(mapping: &dyn MappingDescription, responses: &[Response]) -> Result<Self, Error> {
        let ticket_operation = mapping.ticket_operation();
        let ticket = Response::first(responses, ticket_operation)?;
        let parse = |response: &Response| Tree::parse(&String::from_utf8_lossy(&response.body));
        let mut tree = parse(ticket)?;
        for response in responses.iter().filter(|it| it.operation != ticket_operation) {
            let key = key(response.operation);
            let page = parse(response)?;
            let Tree::Object(members) = &mut tree else { continue };
            match members.iter_mut().find(|(known, _)| *known == key) {
                Some((_, Tree::List(pages))) => pages.push(page),
                _ => members.push((key, Tree::List(vec![page]))),
            }
        }
        Ok(Self { tree, joined: HashMap::new() })
    }

    /// Joins the pages of each list to one, so that an index of the ticket is an index of the tree.
    #[must_use]
    pub fn joined(mut self, mapping: &dyn MappingDescription) -> Self {
        for list in mapping.paged_lists() {
            let key = key(list.operation);
            let Tree::Object(members) = &mut self.tree else { break };
            let pages = members.iter_mut().find(|(known, _)| *known == key);
            if let Some((_, Tree::List(pages))) = pages {
                let joined = join(list, pages);
                self.joined.insert(key, joined);
            }
        }
        self
    }

    /// Returns the pointer of a path, in the response that was sent.
    pub fn pointer(&self, path: &[Step]) -> String {
        if let [Step::Key(key, _), ..] = path
            && let Some(Joined { depth, places, .. }) = self.joined.get(key)
            && let Some(Step::Index(index)) = path.get(*depth)
            && let Some((page, place)) = places.get(*index)
        {
            let mut sent = path.to_vec();
            sent[1] = Step::Index(*page);
            sent[*depth] = Step::Index(*place);
            return pointer(&sent);
        }
        pointer(path)
    }

    /// Binds the index of a source in a list to the item whose id an object around this field of the ticket has.
    pub(super) fn bind_by_id(
        &self,
        source: &Pattern,
        field: &[Step],
        ticket: &Tree,
        bindings: &mut Bindings,
    ) {
        let Some(key) = source.first_key() else { return };
        let Some(Joined { depth, list, ids, .. }) = self.joined.get(key) else { return };
        let mut targets = list.targets.iter().map(|target| Pattern::target(target));
        let around = targets.find_map(|target| {
            let is_target = |length: &usize| target.bind(&field[..*length], Reach::Exact).is_some();
            (1..=field.len()).find(is_target).and_then(|length| ticket.at(&field[..length]))
        });
        let index = around.and_then(|object| id_of(object, "id")).and_then(|id| ids.get(&id));
        if let (Some(index), Some(name)) = (index, source.index_at(*depth)) {
            bindings.entry(name.to_owned()).or_insert(*index);
        }
    }

    /// Returns the responses again: the inverse of [`parse`](Self::parse), for tests that change a tree.
    pub fn responses(mapping: &dyn MappingDescription, tree: &Tree) -> Vec<Response> {
        let save = |operation, tree: &Tree| Response::saved(operation, tree.to_string());
        let Tree::Object(members) = tree else {
            return vec![save(mapping.ticket_operation(), tree)];
        };
        let operation = |name: &str| {
            let operations = mapping.capabilities().operations;
            operations.iter().find(|operation| key(operation.name) == name)
        };
        let mut own = Vec::new();
        let mut others = Vec::new();
        for (name, value) in members {
            match (operation(name), value) {
                (Some(operation), Tree::List(pages)) => {
                    others.extend(pages.iter().map(|page| save(operation.name, page)));
                }
                _ => own.push((name.clone(), value.clone())),
            }
        }
        let ticket = save(mapping.ticket_operation(), &Tree::Object(own));
        std::iter::once(ticket).chain(others).collect()
    }
}

/// Returns the key of the responses of an operation.
fn key(operation: &str) -> String {
    format!("{operation}#")
}

/// Moves the items of all pages to the first one, each id once.
fn join(list: &PagedList, pages: &mut Vec<Tree>) -> Joined {
    let pattern = Pattern::source(list.items);
    let mut places = Vec::new();
    let mut items = Vec::new();
    let mut ids = HashMap::new();
    let mut depth = 0;
    for (page, tree) in pages.iter().enumerate() {
        for (path, found) in pattern.find(tree, &Bindings::new(), 1) {
            depth = path.len() + 2;
            let Tree::List(found) = found else { continue };
            for (place, item) in found.iter().enumerate() {
                if let Some(id) = id_of(item, list.id) {
                    if ids.contains_key(&id) {
                        continue;
                    }
                    ids.insert(id, items.len());
                }
                places.push((page, place));
                items.push(item.clone());
            }
        }
    }
    pages.truncate(1);
    let path: Option<Path> = pages
        .first()
        .and_then(|page| pattern.find(page, &Bindings::new(), 1).pop().map(|(path, _)| path));
    if let Some(first) = path.and_then(|path| pages[0].at_mut(&path)) {
        *first = Tree::List(items);
    }
    Joined { depth, list: *list, ids, places }
}

/// Returns the id of an item, as decoding does: a text or an integer, neither `null` nor empty.
fn id_of(item: &Tree, key: &str) -> Option<String> {
    let Tree::Object(members) = item else { return None };
    let Some((_, Tree::Scalar(id))) = members.iter().find(|(known, _)| known == key) else {
        return None;
    };
    if **id == *"null" {
        return None;
    }
    let id = serde_json::from_str::<String>(id).unwrap_or_else(|_| (**id).to_owned());
    (!id.is_empty()).then_some(id)
}
