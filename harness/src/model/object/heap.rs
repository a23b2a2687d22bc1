//! Where objects live until the prediction ends.

use std::num::NonZeroU32;

use crate::model::object::{map::Map, value::Object};

/// A reference to an object of one [`Heap`].
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) struct Handle(NonZeroU32);

impl Handle {
    /// The handle of the object at `position`. There are fewer than a program may make, which is far
    /// below what the number holds.
    fn at(position: usize) -> Self {
        let number = u32::try_from(position).unwrap_or(u32::MAX).saturating_add(1);
        Self(NonZeroU32::new(number).unwrap_or(NonZeroU32::MAX))
    }

    fn position(self) -> usize {
        usize::try_from(self.0.get()).unwrap_or(usize::MAX) - 1
    }
}

/// A reference to a dictionary of one [`Heap`].
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) struct MapId(usize);

#[derive(Debug, Default)]
pub(crate) struct Heap<'a> {
    objects: Vec<Object<'a>>,
    maps: Vec<Map>,
}

impl<'a> Heap<'a> {
    pub(crate) fn len(&self) -> usize {
        self.objects.len() + self.maps.len()
    }

    pub(crate) fn add(&mut self, object: Object<'a>) -> Handle {
        self.objects.push(object);
        Handle::at(self.objects.len() - 1)
    }

    pub(crate) fn get(&self, handle: Handle) -> &Object<'a> {
        &self.objects[handle.position()]
    }

    pub(crate) fn get_mut(&mut self, handle: Handle) -> &mut Object<'a> {
        &mut self.objects[handle.position()]
    }

    pub(crate) fn add_map(&mut self, map: Map) -> MapId {
        self.maps.push(map);
        MapId(self.maps.len() - 1)
    }

    pub(crate) fn map(&self, id: MapId) -> &Map {
        &self.maps[id.0]
    }

    pub(crate) fn map_mut(&mut self, id: MapId) -> &mut Map {
        &mut self.maps[id.0]
    }
}
