//! The paths of all fields as one tree of keys.

use super::fields::Fields;
use super::literal::Literal;
use super::path::FieldPath;

/// A key on a path, told by its number.
pub(super) type Node = usize;

/// The outermost object.
pub(super) const ROOT: Node = 0;

/// The keys to look for, and the nodes of each field in order of precedence.
#[derive(Clone, Debug)]
pub(super) struct KeyTree {
    keys: Vec<Keys>,
    pub(super) text: Vec<Node>,
    pub(super) url: Vec<Node>,
    pub(super) title: Vec<Node>,
    pub(super) id: Vec<Node>,
}

/// The keys inside one object.
#[derive(Clone, Debug)]
struct Keys {
    parent: Node,
    inside: Vec<(String, Node)>,
}

impl KeyTree {
    pub(super) fn new(fields: &Fields) -> KeyTree {
        let root = Keys { parent: ROOT, inside: Vec::new() };
        let mut tree =
            KeyTree { keys: vec![root], text: Vec::new(), url: Vec::new(), title: Vec::new(), id: Vec::new() };
        tree.text = tree.add_all(&fields.text);
        tree.url = tree.add_all(&fields.url);
        tree.title = tree.add_all(&fields.title);
        tree.id = tree.add_all(&fields.id);
        tree
    }

    fn add_all(&mut self, paths: &[FieldPath]) -> Vec<Node> {
        paths.iter().map(|path| path.keys().iter().fold(ROOT, |node, key| self.add(node, key))).collect()
    }

    fn add(&mut self, parent: Node, key: &str) -> Node {
        if let Some(node) = self.find(parent, |known| known == key) {
            return node;
        }
        let node = self.keys.len();
        self.keys.push(Keys { parent, inside: Vec::new() });
        if let Some(keys) = self.keys.get_mut(parent) {
            keys.inside.push((key.to_owned(), node));
        }
        node
    }

    fn find(&self, node: Node, is_key: impl Fn(&str) -> bool) -> Option<Node> {
        self.keys.get(node)?.inside.iter().find(|(key, _)| is_key(key)).map(|(_, node)| *node)
    }

    /// How many nodes there are.
    pub(super) fn len(&self) -> usize {
        self.keys.len()
    }

    /// The node of a key in the object of `node`, if it is looked for.
    pub(super) fn child(&self, node: Node, key: &Literal<'_>) -> Option<Node> {
        self.find(node, |known| key.is(known))
    }

    /// Whether anything inside the node is looked for.
    pub(super) fn leads_on(&self, node: Node) -> bool {
        self.keys.get(node).is_some_and(|keys| !keys.inside.is_empty())
    }

    /// The node and those it stands in, without the root.
    pub(super) fn way(&self, node: Node) -> impl Iterator<Item = Node> {
        let up = |node: &Node| self.keys.get(*node).map(|keys| keys.parent);
        std::iter::successors(Some(node), up).take_while(|node| *node != ROOT)
    }
}
