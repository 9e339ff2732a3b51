print("edgedetr")
