//! Where objects live until the prediction ends.

use crate::model::object::{map::Map, value::Object};

/// A reference to an object of one [`Heap`].
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) struct Handle(usize);

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
        Handle(self.objects.len() - 1)
    }

    pub(crate) fn get(&self, handle: Handle) -> &Object<'a> {
        &self.objects[handle.0]
    }

    pub(crate) fn get_mut(&mut self, handle: Handle) -> &mut Object<'a> {
        &mut self.objects[handle.0]
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
