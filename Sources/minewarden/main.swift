print("minewarden")
