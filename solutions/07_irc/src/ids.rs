//! Ids: what names a connection, a user, a channel or a server inside the
//! core, where a nick may change and a descriptor is used again.

use std::fmt;
use std::marker::PhantomData;
use std::ops::{Index, IndexMut};

use slab::Slab;

/// Something that counts from 0 and names one kind of thing.
pub trait Id: Copy {
    /// The id with this number.
    fn from_index(index: usize) -> Self;
    /// The number of this id.
    fn index(self) -> usize;
}

macro_rules! ids {
    ($($(#[$doc:meta])* $name:ident)*) => {$(
        $(#[$doc])*
        #[derive(Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash)]
        pub struct $name(u32);

        impl Id for $name {
            fn from_index(index: usize) -> Self {
                Self(u32::try_from(index).unwrap_or(u32::MAX))
            }
            fn index(self) -> usize {
                self.0 as usize
            }
        }

        impl fmt::Debug for $name {
            fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
                write!(f, concat!(stringify!($name), " {}"), self.0)
            }
        }
    )*};
}

ids! {
    /// A connection: a socket, seen from inside.
    ConnId
    /// A registered user, of this server or of another one.
    UserId
    /// A channel that has members.
    ChannelId
    /// A server of the network; [`ServerId::ME`] is this one.
    ServerId
}

impl ServerId {
    /// This server.
    pub const ME: Self = Self(0);
}

/// Things in their places, found by their id in one step.
pub struct Table<K, T> {
    slots: Slab<T>,
    ids: PhantomData<K>,
}

impl<K: Id, T> Table<K, T> {
    /// Puts `value` into a free place, and names it.
    pub fn insert(&mut self, value: T) -> K {
        K::from_index(self.slots.insert(value))
    }

    /// What has this id, if it's still there.
    pub fn get(&self, id: K) -> Option<&T> {
        self.slots.get(id.index())
    }

    /// The same, to change it.
    pub fn get_mut(&mut self, id: K) -> Option<&mut T> {
        self.slots.get_mut(id.index())
    }

    /// Takes it out; its id will name another one.
    pub fn remove(&mut self, id: K) -> Option<T> {
        self.slots.try_remove(id.index())
    }

    /// All of them, each with its id.
    pub fn iter(&self) -> impl Iterator<Item = (K, &T)> {
        self.slots.iter().map(|(index, value)| (K::from_index(index), value))
    }

    /// How many there are.
    pub fn len(&self) -> usize {
        self.slots.len()
    }

    /// Is there nothing?
    pub fn is_empty(&self) -> bool {
        self.slots.is_empty()
    }
}

impl<K, T> Default for Table<K, T> {
    fn default() -> Self {
        Self { slots: Slab::new(), ids: PhantomData }
    }
}

impl<K: Id, T> Index<K> for Table<K, T> {
    type Output = T;
    fn index(&self, id: K) -> &T {
        &self.slots[id.index()]
    }
}

impl<K: Id, T> IndexMut<K> for Table<K, T> {
    fn index_mut(&mut self, id: K) -> &mut T {
        &mut self.slots[id.index()]
    }
}
